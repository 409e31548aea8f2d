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

func mount(t *testing.T, source, target string, flags uintptr) {
	t.Helper()
	kind, data := "", ""
	if source == "tmpfs" {
		kind, data = "tmpfs", "size=64k"
	}
	if err := unix.Mount(source, target, kind, flags, data); err != nil {
		t.Fatalf("mount %s: %v", target, err)
	}
	t.Cleanup(func() { _ = unix.Unmount(target, unix.MNT_DETACH) }) // the machine goes anyway
}

func TestABindMountedFileIsWrittenInPlace(t *testing.T) {
	folder := t.TempDir()
	source, path := filepath.Join(folder, "source"), filepath.Join(folder, "file")
	write(t, source, "old", 0o640)
	write(t, path, "", 0o600)
	mount(t, source, path, unix.MS_BIND)
	p := pending(t, path)
	if r := commit(t, p, atomicfile.InPlace); !strings.Contains(r.Why, "mount point") {
		t.Errorf("why: %q", r.Why)
	}
	if got := text(t, source); got != "new and longer" {
		t.Errorf("the source holds %q", got)
	}
	if err := p.Revert(); err != nil || text(t, source) != "old" {
		t.Errorf("reverted: %q, %v", text(t, source), err)
	}
}

func TestAFileInAReadOnlyFolderIsStagedElsewhere(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	source, path := filepath.Join(elsewhere, "source"), filepath.Join(folder, "file")
	write(t, source, "old", 0o640)
	write(t, path, "", 0o600)
	mount(t, folder, folder, unix.MS_BIND)
	mount(t, "", folder, unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY)
	mount(t, source, path, unix.MS_BIND)
	f := read(t, path)
	if err := atomicfile.Plan(f, []byte("new"), "run").Stage(f.Data, []byte("new")); !errors.Is(err, atomicfile.ErrFolder) {
		t.Fatalf("got %v, want ErrFolder", err)
	}
	p := atomicfile.PlanIn(f, []byte("new"), "run", elsewhere)
	if err := p.Stage(f.Data, []byte("new")); err != nil {
		t.Fatal(err)
	}
	commit(t, p, atomicfile.InPlace)
	if got := text(t, source); got != "new" {
		t.Errorf("got %q", got)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	folder := t.TempDir()
	mount(t, "tmpfs", folder, 0)
	path := filepath.Join(folder, "file")
	write(t, path, strings.Repeat("o", 24<<10), 0o600)
	f := read(t, path)
	larger := []byte(strings.Repeat("n", 32<<10))
	err := atomicfile.Plan(f, larger, "run").Stage(f.Data, larger)
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("got %v, want ENOSPC", err)
	}
	if got := names(t, folder); len(got) != 1 || text(t, path) != string(f.Data) {
		t.Errorf("left %q", got)
	}
}

func TestAnImmutableFileIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	for _, flag := range []string{"i", "a"} {
		folder := t.TempDir()
		path := filepath.Join(folder, "file")
		write(t, path, "old", 0o600)
		f := read(t, path)
		if out, err := exec.CommandContext(t.Context(), "chattr", "+"+flag, path).CombinedOutput(); err != nil {
			t.Skipf("the file system has no such flag: %s", out)
		}
		t.Cleanup(func() { _ = exec.Command("chattr", "-"+flag, path).Run() })
		err := atomicfile.Plan(f, []byte("new"), "run").Stage(f.Data, []byte("new"))
		if !errors.Is(err, atomicfile.ErrImmutable) || len(names(t, folder)) != 1 {
			t.Errorf("+%s: got %v, %q", flag, err, names(t, folder))
		}
	}
}

func TestAFolderThatKeepsItsFilesTakesNone(t *testing.T) {
	for _, flag := range []string{"i", "a"} {
		folder := t.TempDir()
		path := filepath.Join(folder, "file")
		write(t, path, "old", 0o600)
		f := read(t, path)
		if out, err := exec.CommandContext(t.Context(), "chattr", "+"+flag, folder).CombinedOutput(); err != nil {
			t.Skipf("the file system has no such flag: %s", out)
		}
		t.Cleanup(func() { _ = exec.Command("chattr", "-"+flag, folder).Run() })
		err := atomicfile.Plan(f, []byte("new"), "run").Stage(f.Data, []byte("new"))
		if !errors.Is(err, atomicfile.ErrFolder) || atomicfile.TakesFiles(folder) || len(names(t, folder)) != 1 {
			t.Errorf("+%s: got %v, %q", flag, err, names(t, folder))
		}
		p := atomicfile.PlanIn(f, []byte("new"), "run", t.TempDir())
		if err := p.Stage(f.Data, []byte("new")); err != nil {
			t.Fatal(err)
		}
		commit(t, p, atomicfile.InPlace)
		if err := errors.Join(p.Revert(), p.Clean()); err != nil || text(t, path) != "old" {
			t.Errorf("+%s: not put back: %v", flag, err)
		}
	}
}

// Writing a file takes its set-ID bits and capabilities.
func TestAWriteInPlaceKeepsWhatWritingTakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o755)
	if err := errors.Join(os.Link(path, path+"2"), os.Chmod(path, os.ModeSetuid|0o755)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "setfattr", "--name=security.capability", "--value=0x0100000200040000000000000000000000000000", path).CombinedOutput(); err != nil {
		t.Skipf("no capabilities of files here: %s", out)
	}
	commit(t, pending(t, path), atomicfile.InPlace)
	value := make([]byte, 64)
	n, err := unix.Getxattr(path, "security.capability", value)
	if info, statErr := os.Stat(path); n != 20 || err != nil || statErr != nil || info.Mode() != os.ModeSetuid|0o755 {
		t.Errorf("got %d bytes, %v, %v, %v", n, err, info.Mode(), statErr)
	}
}

func TestOwnerAndAccessListAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o640)
	if err := os.Chown(path, 4711, 4712); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "setfacl", "--modify", "u:4713:r", path).CombinedOutput(); err != nil {
		t.Skipf("no POSIX access lists here: %s", out)
	}
	before := access(t, path)
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if after := access(t, path); after != before {
		t.Errorf("got %s, want %s", after, before)
	}
}

func access(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "getfacl", "--numeric", "--absolute-names", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
