package xmldoc_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

// expat reads pairs of files and the value that one place must have in the
// second. It names the pairs that differ in more or less than that.
const expat = `
import base64, json, sys
import xml.etree.ElementTree as tree

def facts(file):
    found = []
    for n in tree.fromstring(base64.b64decode(file)).iter():
        found.append((n.tag, n.text or ""))
        found.append((n.tag, n.tail or ""))
        found += [(n.tag + "@" + k, v) for k, v in n.attrib.items()]
    return found

for i, case in enumerate(json.load(sys.stdin)):
    old, new = facts(case["Before"]), facts(case["After"])
    changed = [b for a, b in zip(old, new) if a != b]
    if len(old) != len(new) or len(changed) > 1 or changed and changed[0][1] != case["Value"]:
        print(i)
`

func TestExpatSeesOneValueChanged(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	type pair struct {
		Before, After []byte
		Value         string
	}
	var pairs []pair
	var names []string
	for _, s := range append(corpus(), samples()...) {
		for _, value := range syntaxtest.Nasty() {
			if out, err := syntaxtest.Set(xmldoc.Open, s.Source(), s.At, value); err == nil {
				pairs = append(pairs, pair{s.Source(), out, value})
				names = append(names, s.Name+": "+value)
			}
		}
	}
	in, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", expat)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, line := range strings.Fields(string(out)) {
		var i int
		if err := json.Unmarshal([]byte(line), &i); err != nil || i >= len(names) {
			t.Fatalf("python3 says %q", out)
		}
		t.Errorf("expat reads another value, or another change: %q", names[i])
	}
	t.Logf("%d edits", len(pairs))
}
