//go:build system && linux

package systemtest_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

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
	first := strings.TrimSpace(kit.Read(t, strings.TrimSpace(kit.Between(kit.Read(t, b.answers), "file: ", "\n"))))
	good, broken, wrong := b.entra.AddSecret(t), b.entra.AddSecret(t), kit.WrongSecret
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
		kit.Find(t, "the output of configure "+strings.Join(more, " "), out, first, good, broken, secret)
	}
	traced(good, "--client-secret-stdin", "--dry-run", "--output", "json")
	traced(good, "--client-secret-stdin", "--log-level", "debug")
	traced(good, "--client-secret-stdin", "--log-level", "debug")
	b.breakNextStart(t, "exit-at-start")
	traced(broken, "--client-secret-stdin", "--log-level", "debug", "--output", "json")
	traced(wrong, "--client-secret-stdin", "--validation-window", "0s", "--log-level", "debug")
	installed := kit.Read(t, b.config)
	if !strings.Contains(installed, good) {
		t.Fatal("the good secret is not in the configuration: the search proves nothing")
	}

	text := kit.Read(t, trace)
	if !strings.Contains(text, "execve(") {
		t.Fatal("nothing was traced")
	}
	kit.Find(t, "an executed command", []byte(text), first, good, broken, wrong)
	kit.Find(t, "the system journal", []byte(sh(t, "journalctl", "--no-pager", "--output", "json")), first, good, broken, wrong)
	for _, name := range []string{"status", "verify", "watch"} {
		o := call{args: []string{name, "--output", "json"}}.run(t)
		kit.Find(t, name, []byte(o.Stdout+o.Stderr), first, good, broken, wrong)
	}
	for _, root := range []string{"/opt/empower", "/etc", "/var/lib", "/var/log", "/var/tmp", "/var/crash", "/run", "/tmp"} {
		searchDisk(t, root, b.config, []string{good, broken, wrong})
	}
	searchDisk(t, filepath.Dir(b.config), b.config, []string{first})
	kit.Find(t, "the configuration", []byte(installed), first, broken, wrong)
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
			kit.Find(t, path, text, secrets...)
		}
		return nil
	})
}
