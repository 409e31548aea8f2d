//go:build system && linux

package svc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// An edit of a drop-in is part of the next start, and so is its undoing, which
// gives the file its old modification time.
func TestSystemdStartsAUnitAsItsFilesAreNow(t *testing.T) {
	m := openSystemd(t)
	text := unit("", "ExecStart=/bin/sleep infinity")
	name := place(t, m, "dropin", text)
	folder := filepath.Join("/etc/systemd/system", name+".service.d")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	file := filepath.Join(folder, "secret.conf")
	long := time.Now().Add(-time.Hour)
	write := func(value string) {
		t.Helper()
		if err := os.WriteFile(file, fmt.Appendf(nil, "[Service]\nEnvironment=SVCTEST=%s\n", value), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, long, long); err != nil {
			t.Fatal(err)
		}
	}
	write("zeroth")
	// systemd forgets a unit that stopped, unless another one refers to it.
	if err := m.Register(t.Context(), svc.Definition{Name: name, Unit: text, Enable: true}); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"first", "second", "first"} {
		write(value)
		if err := m.Stop(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		if err := m.Start(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		if got := environment(t, inspect(t, m, name)); !strings.Contains(got, "\x00SVCTEST="+value+"\x00") {
			t.Errorf("the process has not SVCTEST=%s: %q", value, got)
		}
	}
}

func environment(t *testing.T, s svc.State) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.PID))
	if err != nil {
		t.Fatal(err)
	}
	return "\x00" + string(text)
}
