//go:build wine && linux

package windowstest_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// TestTheSecretIsNowhereButInTheConfiguration looks at the command line and the
// environment of every process, at all that is printed, and at every file of the
// machine, the registry among them.
func TestTheSecretIsNowhereButInTheConfiguration(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	b.times("8s", "1s")
	first := strings.TrimSpace(kit.Read(t, filepath.FromSlash(strings.ReplaceAll(
		strings.TrimPrefix(kit.Between(kit.Read(t, b.answers), "file: '", "'"), "Z:"), `\`, "/"))))
	good, broken := b.entra.AddSecret(t), b.entra.AddSecret(t)
	all := []string{first, good, broken, kit.WrongSecret}
	stop, processes := make(chan struct{}), make(chan map[string][]byte)
	go func() { processes <- watchProcesses(stop) }()
	for _, c := range []struct {
		secret string
		exit   int
		args   []string
	}{
		{good, 0, []string{"--dry-run", "--output", "json"}},
		{good, 0, []string{"--log-level", "debug"}},
		{good, 0, []string{"--log-level", "debug"}},
		{broken, 20, []string{"--log-level", "debug", "--output", "json"}},
		{kit.WrongSecret, 10, []string{"--log-level", "debug", "--validation-window", "0s"}},
	} {
		if c.exit == 20 {
			b.breakNextStart("never-ready")
		}
		args := b.configure(append([]string{"--client-secret-stdin"}, c.args...)...)
		got := call{args: args, stdin: c.secret + "\r\n"}.wants(b.machine, c.exit)
		kit.Find(t, "the output of "+strings.Join(args, " "), []byte(got.Stdout+got.Stderr), all...)
	}
	call{args: []string{"keyring", "set", "backend"}, stdin: good}.wants(b.machine, 0)
	b.installer(0, "keyring", "delete", "backend")
	close(stop)
	ran := <-processes
	seenInstaller := false
	for what, text := range ran {
		kit.Find(t, what, text, all...)
		seenInstaller = seenInstaller || bytes.Contains(text, []byte("installer.exe"))
	}
	if !seenInstaller {
		t.Errorf("%d processes were seen, and none of the program: the search proves nothing", len(ran))
	}
	if !strings.Contains(kit.Read(t, b.config), good) {
		t.Fatal("the good secret is not in the configuration: the search proves nothing")
	}
	for _, name := range []string{"status", "verify"} {
		o := call{args: []string{name, "--output", "json"}}.run(b.machine)
		kit.Find(t, name, []byte(o.Stdout+o.Stderr), all...)
	}
	if err := b.unix("wineserver", "-k", "-w"); err != nil { // it writes the registry then
		t.Fatal(err)
	}
	searchDisk(t, b.prefix, b.config, all)
}

// watchProcesses keeps the command lines and environments of all that run until it is
// stopped.
func watchProcesses(stop <-chan struct{}) map[string][]byte {
	all := map[string][]byte{}
	for {
		select {
		case <-stop:
			return all
		case <-time.After(5 * time.Millisecond):
		}
		for _, name := range []string{"cmdline", "environ"} {
			files, _ := filepath.Glob("/proc/[0-9]*/" + name) // the pattern is good
			for _, file := range files {
				if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
					all[file] = text
				}
			}
		}
	}
}

// searchDisk looks into every file that is not the template's, but the configuration.
func searchDisk(t *testing.T, root, but string, secrets []string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path == but || strings.HasPrefix(path, filepath.Join(root, "drive_c/windows")+"/") && !strings.Contains(path, "/temp/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			looked++
			kit.Find(t, path, text, secrets...)
		}
		return err
	})
	if err != nil || looked < 10 {
		t.Errorf("looked into %d files: %v", looked, err)
	}
}
