package inifile_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// dotNET reads a file as IniStreamConfigurationProvider does, nil where that
// throws.
func dotNET(src []byte) map[string]string {
	t, err := syntax.Decode(src)
	if err != nil {
		return nil
	}
	values, prefix := map[string]string{}, ""
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(t.Body)), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.IndexByte(";#/", line[0]) >= 0 {
			continue
		}
		if line[0] == '[' && line[len(line)-1] == ']' {
			prefix = strings.TrimSpace(line[1:len(line)-1]) + ":"
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.ToLower(prefix+strings.TrimSpace(key)), strings.TrimSpace(value)
		if _, twice := values[key]; !ok || twice {
			return nil
		}
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		values[key] = value
	}
	return values
}

// wantDotNET: where .NET reads the file and the old value, it reads the new one
// and all others as before.
func wantDotNET(t *testing.T, src, out []byte, old, value string) {
	t.Helper()
	before, after := dotNET(src), dotNET(out)
	if before == nil {
		return
	}
	changed := 0
	for key, was := range before {
		now := after[key]
		switch {
		case now == was:
		case was == old && now == value, was == "'"+old+"'" && now == "'"+value+"'":
			changed++
		default:
			t.Errorf(".NET reads %q, %q before, in %q", now, was, out)
		}
		delete(after, key)
	}
	if changed > 1 || changed == 0 && old != value || len(after) > 0 {
		t.Errorf(".NET: %d changed from %q to %q in %q", changed, old, value, out)
	}
}

func TestDotNETReadsWhatIsWritten(t *testing.T) {
	for _, s := range samples() {
		for _, value := range syntaxtest.Nasty() {
			if out, err := syntaxtest.Set(inifile.Open, s.Source(), s.At, value); err == nil {
				wantDotNET(t, s.Source(), out, s.Old, value)
			}
		}
	}
}

// FuzzDotNET is the same on files that nobody thought of.
func FuzzDotNET(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Source(), s.At, "new")
	}
	f.Fuzz(func(t *testing.T, src []byte, at, value string) {
		old, err := syntaxtest.Get(inifile.Open, src, at)
		if err != nil {
			return
		}
		if out, err := syntaxtest.Set(inifile.Open, src, at, value); err == nil {
			wantDotNET(t, src, out, old, value)
		}
	})
}

// An edit is one of the cases that Python looks at.
type edit struct {
	Before, After, Section, Key, Old, Value string
}

// What configparser cannot read, or reads as something else than we do, is none
// of its files.
const configparser = `
import configparser, json, sys
def read(text):
    p = configparser.ConfigParser(interpolation=None, default_section=None)
    p.optionxform = str
    p.read_string(text)
    return {(s, k): v for s in p.sections() for k, v in p.items(s)}
wrong = seen = 0
for e in json.load(sys.stdin):
    at = (e["Section"], e["Key"])
    try:
        before = read(e["Before"])
    except (configparser.Error, AttributeError):
        continue
    seen += 1
    quote = ""
    if before.get(at) != e["Old"]:
        quote = before.get(at, "x")[0]
    before[at] = quote + e["Value"] + quote
    try:
        after = read(e["After"])
    except configparser.Error as x:
        after = x
    if before != after:
        wrong += 1
        print("wrong", e)
print(seen, wrong)
`

func TestPythonReadsWhatIsWritten(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	var edits []edit
	for _, s := range samples() {
		f, err := inifile.Open(s.Source())
		if err != nil {
			t.Fatal(err)
		}
		names, err := syntax.ParsePointer("/" + s.At)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range syntaxtest.Nasty() {
			out, err := syntaxtest.Set(inifile.Open, s.Source(), s.At, value)
			if err == nil {
				edits = append(edits, edit{string(f.Text().Body), string(bytes.TrimPrefix(out, f.Text().Mark)), names[0], names[1], s.Old, value})
			}
		}
	}
	text, err := json.Marshal(edits)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", configparser)
	c.Stdin = bytes.NewReader(text)
	out, err := c.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), " 0\n") || strings.HasPrefix(string(out), "0 ") {
		t.Errorf("%s%v", out, err)
	}
	t.Logf("%d edits, %s", len(edits), out)
}

func TestTheTwinOfDotNETReadsAsItDoes(t *testing.T) {
	got := dotNET([]byte("\xef\xbb\xbfa = \" x \"\r\n/ c\r\n[ S : T ]\r\nB=c=d\n#x\n;y\n"))
	if want := map[string]string{"a": " x ", "s : t:b": "c=d"}; !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, text := range []string{"a\n", "a=1\nA=2\n", "[a] ; x\n"} {
		if got := dotNET([]byte(text)); got != nil {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
