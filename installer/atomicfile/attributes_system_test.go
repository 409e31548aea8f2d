//go:build system && linux

package atomicfile_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// The folder's access list for new files is not the file's.
func TestAnAccessListOfTheFolderIsNotInherited(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	write(t, path, "old", 0o640)
	if out, err := exec.CommandContext(t.Context(), "setfacl", "--default", "--modify", "u:4713:rw", folder).CombinedOutput(); err != nil {
		t.Skipf("no POSIX access lists here: %s", out)
	}
	before := access(t, path)
	p := pending(t, path)
	for _, staged := range []string{p.Temp, p.Backup} {
		if got := access(t, staged); strings.Contains(got, "4713") {
			t.Errorf("staged with %s", got)
		}
	}
	commit(t, p, atomicfile.Rename)
	if after := access(t, path); after != before {
		t.Errorf("got %s, want %s", after, before)
	}
}

// Without SELinux in the kernel its label is an attribute like others.
func TestALabelIsKept(t *testing.T) {
	const name, label = "security.selinux", "system_u:object_r:etc_t:s0\x00"
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o640)
	if err := unix.Setxattr(path, name, []byte(label), 0); err != nil {
		t.Skipf("no such attribute here: %v", err)
	}
	want := func(path string) {
		t.Helper()
		value := make([]byte, 128)
		if n, err := unix.Getxattr(path, name, value); err != nil || string(value[:n]) != label {
			t.Errorf("%s: got %q, %v", path, value[:max(n, 0)], err)
		}
	}
	p := pending(t, path)
	want(p.Temp)
	commit(t, p, atomicfile.Rename)
	want(path)
	if err := p.Revert(); err != nil {
		t.Fatal(err)
	}
	want(path)
}

func TestFlagsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o640)
	if out, err := exec.CommandContext(t.Context(), "chattr", "+sutdAS", path).CombinedOutput(); err != nil {
		t.Skipf("the file system has no such flags: %s", out)
	}
	flags := func() string {
		out, err := exec.CommandContext(t.Context(), "lsattr", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(string(out))[0]
	}
	before := flags()
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if after := flags(); after != before {
		t.Errorf("got %s, want %s", after, before)
	}
	if err := errors.Join(p.Revert(), p.Clean()); err != nil || flags() != before {
		t.Errorf("reverted: %v, %s, want %s", err, flags(), before)
	}
}

// A folder without files has the name of what is staged.
func TestAFolderUnderTheNameOfWhatIsStagedStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o640)
	f := read(t, path)
	p := atomicfile.Plan(f, []byte("new"), "run")
	if err := os.Mkdir(p.Temp, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := p.Stage(f.Data, []byte("new")); err == nil {
		t.Error("staged over a folder")
	}
	if _, err := os.Stat(p.Temp); err != nil {
		t.Errorf("the folder is gone: %v", err)
	}
}
