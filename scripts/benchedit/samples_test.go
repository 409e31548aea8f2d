//go:build unix && bench

package benchedit_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
)

// sample makes a large file with the value at its start.
type sample struct {
	format document.Format
	suffix string
	at     string
	head   string
	item   func(i int) string
	end    string
}

func samples() []sample {
	return []sample{
		{
			document.JSON, ".json", "/AzureAd/ClientSecret",
			"{\n  \"AzureAd\": { \"ClientSecret\": \"old\" },\n  \"Items\": [\n    0",
			func(i int) string {
				return fmt.Sprintf(",\n    {\n      \"id\": %d,\n      \"name\": \"item %d\",\n      \"tags\": [\"a\", \"b\\u00e9\\n\"],\n"+
					"      \"on\": true,\n      \"ratio\": 0.%d,\n      \"nested\": { \"x\": null, \"path\": \"C:\\\\Program Files\\\\x\" }\n    }", i, i%1000, i)
			}, "\n  ]\n}\n",
		},
		{
			document.YAML, ".yaml", "/azure/secret", "# ours\nazure:\n  secret: old\nitems:\n",
			func(i int) string {
				return fmt.Sprintf("  - id: %d\n    name: \"item %d\" # a comment\n    on: true\n", i, i)
			}, "",
		},
		{
			document.TOML, ".toml", "/azure/secret", "[azure]\nsecret = \"old\"\n",
			func(i int) string {
				return fmt.Sprintf("\n[item%d]\nname = 'item' # a comment\nids = [1, %d]\n", i, i)
			}, "",
		},
		{
			document.INI, ".ini", "azure/secret", "[azure]\nsecret = old\n",
			func(i int) string { return fmt.Sprintf("\n; a comment\n[item%d]\nname = item %d\n", i, i) }, "",
		},
		{
			document.Properties, ".properties", "azure.secret", "azure.secret=old\n",
			func(i int) string { return fmt.Sprintf("# a comment\nitem.%d.name = item\\ %d\n", i, i) }, "",
		},
		{
			document.XML, ".xml", `/configuration/appSettings/add[@key="ClientSecret"]/@value`,
			"<configuration>\n  <appSettings>\n    <add key=\"ClientSecret\" value=\"old\" />\n",
			func(i int) string {
				return fmt.Sprintf("    <add key=\"item%d\" value=\"a &amp; b\" /><!-- ours -->\n", i)
			},
			"  </appSettings>\n</configuration>\n",
		},
		{
			document.Env, ".env", "AZURE_SECRET", "AZURE_SECRET=old\n",
			func(i int) string { return fmt.Sprintf("# a comment\nITEM_%d=\"item %d\"\n", i, i) }, "",
		},
	}
}

// generate writes a file of about so many bytes; all but the value is the same for
// every value.
func (s sample) generate(path, holds string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	_, _ = w.WriteString(strings.Replace(s.head, "old", holds, 1))
	for i, written := 0, 0; int64(written) < size; i++ {
		n, _ := w.WriteString(s.item(i))
		written += n
	}
	_, _ = w.WriteString(s.end) // Flush tells
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
