package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/term"
)

// powerlessHost is a host whose caller is no administrator.
type powerlessHost struct{ host.OS }

func (powerlessHost) Elevated() bool { return false }

// unread is a stdin that nobody reads.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("stdin was read")
	return 0, errors.New("unread")
}

func TestWithoutElevationWindowsIsLeftAloneBeforeAnythingIsAskedOrRead(t *testing.T) {
	work := t.TempDir()
	payload := filepath.Join(work, "payload")
	if err := os.Mkdir(payload, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"install", "--payload", payload, "--answers", "-"},
		{"configure", "--client-secret-stdin"},
		{"configure", "--answers", filepath.Join(work, "none.yaml")},
		{"configure"},
		{"adopt", filepath.Join(work, "none.yaml")},
		{"recover"},
		{"confirm"},
	} {
		var out, err strings.Builder
		world := cli.Real()
		world.IO = term.IO{In: unread{t}, Out: &out, Err: &err}
		world.Getenv = func(string) string { return "" }
		world.Asker = func(bool, bool) prompt.Asker {
			t.Errorf("%q: a person was about to be asked", args)
			return prompt.New(prompt.Options{IO: world.IO})
		}
		world.Deps.Host = powerlessHost{}
		world.Deps.Layout = layout.Host{GOOS: "windows", Data: work}
		status := cli.Main(world, args)
		if status != 3 || out.String() != "" || !strings.Contains(err.String(), "installer: fix: open PowerShell or cmd") {
			t.Errorf("%q: got status %d, %q and %q", args, status, out.String(), err.String())
		}
		if entries, _ := os.ReadDir(work); len(entries) != 1 {
			t.Errorf("%q: something was written: %v", args, entries)
		}
	}
}
