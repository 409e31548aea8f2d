package document

import (
	"path"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/kubernetes"
	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
)

// Format is a dialect of configuration file.
type Format string

// The formats.
const (
	JSONC      Format = "jsonc"
	JSON       Format = "json"
	YAML       Format = "yaml"
	Kubernetes Format = "kubernetes"
	XML        Format = "xml"
	TOML       Format = "toml"
	INI        Format = "ini"
	Env        Format = "env"
	SystemdEnv Format = "systemd-env"
	Unit       Format = "systemd-unit"
	Properties Format = "properties"
	Raw        Format = "raw"
)

// Description is what a person should know of a format.
type Description struct {
	Format Format
	Reads  string
	Places []string // addresses, as examples

	names    []string // extensions, and whole names, of the files that are likely to be such
	smallest string   // the smallest file
	open     func(src []byte) (syntax.File, error)
}

// Descriptions are those of all formats, in the order of the documentation.
func Descriptions() []Description {
	return []Description{
		{
			Format: JSONC, Reads: "JSON as .NET reads it: comments, trailing commas, names in any case", Places: []string{"/AzureAd/ClientSecret"},
			names: []string{".json", ".jsonc"}, smallest: "{}", open: jsonc.Open,
		},
		{
			Format: JSON, Reads: "JSON of RFC 8259", Places: []string{"/auth/clientSecret"},
			smallest: "{}", open: jsonc.OpenStrict,
		},
		{
			Format: YAML, Reads: "YAML 1.1 and 1.2", Places: []string{"/providers/0/clientSecret"},
			names: []string{".yaml", ".yml"}, open: yamldoc.Open,
		},
		{
			Format: Kubernetes, Reads: "manifests with Secrets, and files within those",
			Places: []string{"/stringData/KEY", "NAME:/data/KEY", "/data/app.json#jsonc:/AzureAd/ClientSecret"},
			open:   func(src []byte) (syntax.File, error) { return kubernetes.Open(src, within) },
		},
		{
			Format: XML, Reads: "web.config, app.config and others without a DOCTYPE",
			Places: []string{`/configuration/appSettings/add[@key="ClientSecret"]/@value`, "/settings/password"},
			names:  []string{".xml", ".config"}, smallest: "<a/>", open: xmldoc.Open,
		},
		{
			Format: TOML, Reads: "TOML 1.0 and 1.1", Places: []string{"/auth/client_secret"},
			names: []string{".toml"}, open: tomldoc.Open,
		},
		{
			Format: INI, Reads: "INI as .NET, Grafana, Python and MySQL agree on it", Places: []string{"auth.azuread/client_secret"},
			names: []string{".ini"}, open: inifile.Open,
		},
		{
			Format: Env, Reads: ".env as its readers agree on it", Places: []string{"CLIENT_SECRET"},
			names: []string{".env"}, open: envfile.Open,
		},
		{
			Format: SystemdEnv, Reads: "what EnvironmentFile= of systemd names", Places: []string{"CLIENT_SECRET"},
			open: envfile.OpenSystemd,
		},
		{
			Format: Unit, Reads: "unit files of systemd and their drop-ins", Places: []string{"Service/Environment/CLIENT_SECRET", "Service/ExecStart"},
			names: []string{".service", ".socket", ".timer"}, open: unitfile.Open,
		},
		{
			Format: Properties, Reads: "Java properties", Places: []string{"azure.client-secret"},
			names: []string{".properties"}, open: properties.Open,
		},
		{
			Format: Raw, Reads: "the whole file is the value",
			open: func(src []byte) (syntax.File, error) { return openRaw(src, false) },
		},
	}
}

// Formats are the names of all formats.
func Formats() []Format {
	var all []Format
	for _, d := range Descriptions() {
		all = append(all, d.Format)
	}
	return all
}

// FormatOf tells the format by a file's name. It is a guess, which a person may
// correct: some formats have no names of their own.
func FormatOf(name string) (Format, bool) {
	base := strings.ToLower(path.Base(name))
	for _, d := range Descriptions() {
		if slices.Contains(d.names, path.Ext(base)) || slices.Contains(d.names, base) {
			return d.Format, true
		}
	}
	return "", false
}

// within opens a file that another one holds.
func within(format string, src []byte) (syntax.File, error) {
	if f := Format(format); f == Kubernetes || f == Raw {
		return nil, &syntax.Error{Kind: syntax.BadPointer, Reason: "a file within another cannot be " + format}
	}
	d, err := described(Format(format))
	if err != nil {
		return nil, err
	}
	return d.open(src)
}

func described(f Format) (Description, error) {
	for _, d := range Descriptions() {
		if d.Format == f {
			return d, nil
		}
	}
	return Description{}, &syntax.Error{Kind: syntax.Unsupported, Reason: "\"" + string(f) + "\" is not a format"}
}
