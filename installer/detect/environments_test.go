package detect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/detect"
)

func TestTheVendorsOwnFileIsReadAsFarAsItIsRecognised(t *testing.T) {
	for text, want := range map[string]string{
		`{"version": "9.6.1", "environments": ["PROD", "TEST"]}`:                                             "9.6.1 PROD[] TEST[]",
		"\ufeff{ // c\n \"Environments\": [{\"Name\": \"PROD\", \"DataPath\": \"D:\\\\empower\\\\PROD\"},]}": `PROD[D:\empower\PROD]`,
		`{"environments": {"PROD": {"config": "/etc/x"}, "TEST": {"a": {"b": "/etc/y"}}}}`:                   "PROD[/etc/x] TEST[/etc/y]",
		`{"env": "PROD", "paths": {"root": "/srv/a", "temp": "/srv/b"}}`:                                     "PROD[/srv/a /srv/b]",
		`{"installPath": "C:\\x", "Version": "nightly", "count": 3}`:                                         `unnamed[/installPath] unknown[/Version /count]`,
		`{"token": "/SECRET"}`:                                           "unnamed[/token]",
		`{"name": "not a name!", "token": "SECRET"}`:                     "unknown[/name /token]",
		`{"environments": [{"name": "PROD", "path": "a/relative/one"}]}`: "PROD[] unknown[/environments/0/path]",
		`{}`: "",
	} {
		l, err := detect.ReadEnvironments([]byte(with(text)))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := told(l); strings.Contains(got, hidden) || got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// told is a listing on one line.
func told(l detect.Listing) string {
	var said []string
	if l.Version != "" {
		said = append(said, l.Version)
	}
	for _, n := range l.Named {
		said = append(said, fmt.Sprint(n.Name, n.Paths))
	}
	if len(l.Unnamed) > 0 {
		said = append(said, fmt.Sprint("unnamed", l.Unnamed))
	}
	if len(l.Unknown) > 0 {
		said = append(said, fmt.Sprint("unknown", l.Unknown))
	}
	return strings.Join(said, " ")
}

func TestWhatIsNotUnderstoodOfTheVendorsOwnFileIsBounded(t *testing.T) {
	if _, err := detect.ReadEnvironments([]byte("{\"a\": 1\n\"b\": 2}")); err == nil || err.Error() != "2:1: a comma is missing" {
		t.Errorf("got %v", err)
	}
	many, err := detect.ReadEnvironments([]byte("[" + strings.Repeat("1,", 50) + "1]"))
	if err != nil || len(many.Unknown) != 20 || many.NotKnown != 31 {
		t.Errorf("got %d and %d, %v", len(many.Unknown), many.NotKnown, err)
	}
}

func FuzzReadEnvironments(f *testing.F) {
	f.Add([]byte(`{"version": "9.6.1", "environments": [{"name": "PROD", "path": "/etc/x"}]}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		_, _ = detect.ReadEnvironments(text) // must not panic
	})
}
