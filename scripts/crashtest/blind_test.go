//go:build faults && linux && amd64

package crashtest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A judge that sees nothing would pass everything.
func TestTheJudgeSeesEveryDifference(t *testing.T) {
	root := filepath.Join(t.TempDir(), "tree")
	at := func(name string) string { return filepath.Join(root, name) }
	write := func(name, text string) error { return os.WriteFile(at(name), []byte(text), 0o640) }
	lay := tree{
		entries: map[string]entry{"app": {Mode: os.ModeDir | 0o750}, "app/a": {Mode: 0o640}, "app/b": {Mode: 0o640, Link: "app/a"}, "state": {Mode: os.ModeDir | 0o755}},
		content: map[string][]byte{"app/a": []byte(oldSecret), "app/b": []byte(oldSecret)},
	}
	for want, change := range map[string]func() error{
		"state/other is left":                    func() error { return write("state/other", "") },
		"app/a is missing":                       func() error { return os.Rename(at("app/a"), at("state/lock")) },
		"app/a is {Mode:-rw-------":              func() error { return os.Chmod(at("app/a"), 0o600) },
		"app is {Mode:drwxr-xr-x":                func() error { return os.Chmod(at("app"), 0o755) },
		"app/a holds other content: 40 bytes, 1": func() error { return write("app/a", newSecret) },
		"app/.a.tmp is left":                     func() error { return write("app/.a.tmp", "") },
		"Link:app/a}":                            func() error { return errors.Join(os.Remove(at("app/b")), write("app/b", oldSecret)) },
	} {
		if err := lay.write(root); err != nil {
			t.Fatal(err)
		}
		before, err := readTree(root)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		after, err := readTree(root)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(after.differs(before, true), "; ")
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if after.fingerprint() == before.fingerprint() {
			t.Errorf("%q: the fingerprints are the same", want)
		}
		if err := before.write(root); err != nil {
			t.Fatal(err)
		}
		if again, err := readTree(root); err != nil || len(again.differs(before, true)) > 0 {
			t.Errorf("laid out again: %v, %q", err, again.differs(before, true))
		}
	}
}
