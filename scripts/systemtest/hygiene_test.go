//go:build system && linux

package systemtest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// encodings are the forms in which a secret could be found again.
func encodings(secret string) map[string][]byte {
	escaped, _ := json.Marshal(secret) // a string always marshals
	var wide []byte
	for _, u := range utf16.Encode([]rune(secret)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	forms := map[string][]byte{
		"plain": []byte(secret), "JSON": bytes.Trim(escaped, `"`), "URL": []byte(url.QueryEscape(secret)), "UTF-16": wide,
	}
	// Base64 of a longer text differs by where the secret begins in it.
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		forms["base64 at "+string(rune('0'+shift))] = []byte(coded[from:to])
	}
	return forms
}

func find(t *testing.T, where string, text []byte, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for form, coded := range encodings(secret) {
			if bytes.Contains(text, coded) {
				t.Errorf("%s holds the secret (%s)", where, form)
			}
		}
	}
}

// TestTheSecretIsNowhereButInTheConfiguration traces a whole life: a good run,
// a dry run, one that is rolled back and one that is refused; every process that
// was started, all that was printed, and all that is left on the disk.
func TestTheSecretIsNowhereButInTheConfiguration(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: apt-get install strace")
	}
	b := install(t, "ONE")
	b.shortenHealth(t)
	first := strings.TrimSpace(read(t, strings.TrimSpace(between(read(t, b.answers), "file: ", "\n"))))
	good, broken, wrong := b.entra.addSecret(t), b.entra.addSecret(t), wrongSecret
	trace := filepath.Join(t.TempDir(), "trace")
	traced := func(secret string, more ...string) {
		// The secret is in stdin, which is not traced; what is executed, and
		// with which environment, is.
		args := append([]string{"-f", "-v", "-s", "65536", "-A", "-o", trace, "-e", "trace=execve,execveat", program(t, "installer")}, b.configure(more...)...)
		cmd := exec.CommandContext(t.Context(), strace, args...)
		cmd.Env, cmd.Stdin = environ(), strings.NewReader(secret)
		out, _ := cmd.CombinedOutput() // refusals are wanted, too
		if len(out) == 0 {
			t.Fatalf("nothing was printed by %q", more)
		}
		find(t, "the output of configure "+strings.Join(more, " "), out, first, good, broken, secret)
	}
	traced(good, "--client-secret-stdin", "--dry-run", "--output", "json")
	traced(good, "--client-secret-stdin", "--log-level", "debug")
	traced(good, "--client-secret-stdin", "--log-level", "debug")
	b.breakNextStart(t, "exit-at-start")
	traced(broken, "--client-secret-stdin", "--log-level", "debug", "--output", "json")
	traced(wrong, "--client-secret-stdin", "--validation-window", "0s", "--log-level", "debug")
	installed := read(t, b.config)
	if !strings.Contains(installed, good) {
		t.Fatal("the good secret is not in the configuration: the search proves nothing")
	}

	text := read(t, trace)
	if !strings.Contains(text, "execve(") {
		t.Fatal("nothing was traced")
	}
	find(t, "an executed command", []byte(text), first, good, broken, wrong)
	find(t, "the system journal", []byte(sh(t, "journalctl", "--no-pager", "--output", "json")), first, good, broken, wrong)
	for _, name := range []string{"status", "verify"} {
		o := call{args: []string{name, "--output", "json"}}.run(t)
		find(t, name, []byte(o.stdout+o.stderr), first, good, broken, wrong)
	}
	for _, root := range []string{"/opt/empower", "/etc", "/var/lib", "/var/log", "/var/tmp", "/var/crash", "/run", "/tmp"} {
		searchDisk(t, root, b.config, []string{good, broken, wrong})
	}
	searchDisk(t, filepath.Dir(b.config), b.config, []string{first})
	find(t, "the configuration", []byte(installed), first, broken, wrong)
}

// searchDisk looks into every file of a folder but the configuration itself,
// the answers that a test wrote, and this test's own trace and binaries.
func searchDisk(t *testing.T, root, but string, secrets []string) {
	t.Helper()
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path == but || strings.HasPrefix(path, "/tmp/Test") {
			return nil //nolint:nilerr // what vanishes while it is looked for is not left
		}
		text, err := os.ReadFile(path)
		if err == nil {
			find(t, path, text, secrets...)
		}
		return nil
	})
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	got, _, _ := strings.Cut(rest, to)
	return got
}

func TestTheSearchFindsEveryForm(t *testing.T) {
	secret := "a/b+c~" + wrongSecret
	wide := encodings(secret)["UTF-16"]
	for _, text := range [][]byte{
		[]byte("x" + secret), []byte(url.QueryEscape(secret)), wide,
		[]byte(base64.StdEncoding.EncodeToString([]byte("12" + secret + "tail"))),
	} {
		found := false
		for _, coded := range encodings(secret) {
			found = found || bytes.Contains(text, coded)
		}
		if !found {
			t.Errorf("not found in %q", text)
		}
	}
}
