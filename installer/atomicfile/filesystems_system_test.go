//go:build system && linux

package atomicfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/atomicfile/atomicfiletest"
)

// all is what a file system of Linux can.
func all() atomicfiletest.Capabilities {
	return atomicfiletest.Capabilities{
		Owners: true, Modes: true, Symlinks: true, HardLinks: true, Notes: true, ACLs: true, Flags: true, OpenFiles: true,
	}
}

func small(can atomicfiletest.Capabilities) atomicfiletest.Capabilities {
	can.Small = true
	return can
}

// TestContractOnEveryFileSystem skips what the kernel does not know, and fails
// where the kernel knows it and a tool is missing.
func TestContractOnEveryFileSystem(t *testing.T) {
	loopDevices(t)
	for _, c := range []struct {
		kind    string
		format  []string // the program that makes one, and the size of its disk
		size    string
		options string
		can     atomicfiletest.Capabilities
	}{
		{"ext4", []string{"mkfs.ext4", "-q", "-F"}, "32M", "", small(all())},
		{"ext2", []string{"mkfs.ext2", "-q", "-F"}, "32M", "", small(all())},
		{"xfs", []string{"mkfs.xfs", "-q"}, "320M", "", small(all())},
		{"btrfs", []string{"mkfs.btrfs", "-q"}, "128M", "", small(all())},
		{"vfat", []string{"mkfs.vfat"}, "64M", "", small(atomicfiletest.Capabilities{OpenFiles: true})},
		{"exfat", []string{"mkfs.exfat"}, "64M", "", small(atomicfiletest.Capabilities{OpenFiles: true})},
	} {
		t.Run(c.kind, func(t *testing.T) {
			known(t, c.kind)
			image, at := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "mounted")
			command(t, "truncate", "--size", c.size, image)
			command(t, c.format[0], append(c.format[1:], image)...)
			mountAt(t, at, "-t", c.kind, "-o", "loop"+c.options, image)
			atomicfiletest.Run(t, at, c.can)
		})
	}
}

// What has no owners, links or attributes is also had through FUSE, where the
// kernel has neither vfat nor exfat.
func TestContractOnExfatThroughFUSE(t *testing.T) {
	loopDevices(t)
	known(t, "fuseblk")
	if err := unix.Mknod("/dev/fuse", unix.S_IFCHR|0o600, int(unix.Mkdev(10, 229))); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	image, at := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "mounted")
	command(t, "truncate", "--size", "64M", image)
	command(t, "mkfs.exfat", image)
	loop := strings.TrimSpace(command(t, "losetup", "--find", "--show", image))
	t.Cleanup(func() { _ = exec.Command("losetup", "--detach", loop).Run() })
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, "mount.exfat-fuse", loop, at)
	t.Cleanup(func() { _ = exec.Command("umount", at).Run() })
	atomicfiletest.Run(t, at, small(atomicfiletest.Capabilities{OpenFiles: true, Gaps: true}))
}

// A quota of btrfs, which every kernel with btrfs has.
func TestAQuotaLosesNothing(t *testing.T) {
	loopDevices(t)
	known(t, "btrfs")
	image, at := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "mounted")
	command(t, "truncate", "--size", "128M", image)
	command(t, "mkfs.btrfs", "-q", image)
	mountAt(t, at, "-t", "btrfs", "-o", "loop", image)
	folder := filepath.Join(at, "limited")
	command(t, "btrfs", "quota", "enable", at)
	command(t, "btrfs", "subvolume", "create", folder)
	command(t, "btrfs", "qgroup", "limit", "4M", folder)
	path := filepath.Join(folder, "file")
	write(t, path, strings.Repeat("o", 1<<20), 0o640)
	command(t, "sync", "--file-system", path)
	f, larger := readLarge(t, path), bytes.Repeat([]byte("n"), 6<<20)
	if err := atomicfile.Plan(f, larger, "run").Stage(f.Data, larger); !errors.Is(err, unix.EDQUOT) {
		t.Errorf("staged: got %v, want EDQUOT", err)
	}
	p := atomicfile.PlanIn(f, larger, "run", t.TempDir())
	if err := p.Stage(f.Data, larger); err != nil {
		t.Fatal(err)
	}
	if r, err := p.Commit(); !errors.Is(err, unix.EDQUOT) || r.Way != atomicfile.InPlace {
		t.Errorf("in place: got %+v, %v, want EDQUOT", r, err)
	}
	if got := names(t, folder); len(got) != 1 || text(t, path) != string(f.Data) {
		t.Errorf("left %q", got)
	}
}

func readLarge(t *testing.T, path string) atomicfile.File {
	t.Helper()
	f, err := atomicfile.Read(path, 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestContractOnTmpfs(t *testing.T) {
	at := filepath.Join(t.TempDir(), "mounted")
	mountAt(t, at, "-t", "tmpfs", "-o", "size=32m", "tmpfs")
	can := atomicfiletest.Probe(t, at) // attributes and flags came with later kernels
	if !can.Owners || !can.Modes || !can.Symlinks || !can.HardLinks || !can.OpenFiles {
		t.Errorf("tmpfs can %+v", can)
	}
	t.Logf("tmpfs can %+v", can)
	atomicfiletest.Run(t, at, small(can))
}

// An overlay over a disk of its own: not over the machine's, which is one.
func TestContractOnAnOverlay(t *testing.T) {
	loopDevices(t)
	known(t, "overlay")
	folder := t.TempDir()
	image, disk, at := filepath.Join(folder, "disk"), filepath.Join(folder, "ext4"), filepath.Join(folder, "mounted")
	command(t, "truncate", "--size", "32M", image)
	command(t, "mkfs.ext4", "-q", "-F", image)
	mountAt(t, disk, "-t", "ext4", "-o", "loop", image)
	for _, name := range []string{"lower", "upper", "work"} {
		if err := os.Mkdir(filepath.Join(disk, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(disk, "lower", "file"), "old", 0o640)
	write(t, filepath.Join(disk, "lower", "names"), "old", 0o640)
	if err := os.Link(filepath.Join(disk, "lower", "names"), filepath.Join(disk, "lower", "names2")); err != nil {
		t.Fatal(err)
	}
	mountAt(t, at, "-t", "overlay", "-o",
		fmt.Sprintf("lowerdir=%[1]s/lower,upperdir=%[1]s/upper,workdir=%[1]s/work", disk), "overlay")
	atomicfiletest.Run(t, at, small(all()))
	fromBelow(t, filepath.Join(at, "file"))
	twoNamesFromBelow(t, filepath.Join(at, "names"))
}

// twoNamesFromBelow writes a file in place that becomes another when it is opened.
func twoNamesFromBelow(t *testing.T, path string) {
	t.Helper()
	p := pending(t, path)
	r := commit(t, p, atomicfile.InPlace)
	if !strings.Contains(r.Why, "other names keep the old content") || text(t, path) != "new and longer" || text(t, path+"2") != "old" {
		t.Errorf("got %+v, %q, %q", r, text(t, path), text(t, path+"2"))
	}
	if err := errors.Join(p.Revert(), p.Clean()); err != nil || text(t, path) != "old" {
		t.Errorf("reverted: %v", err)
	}
}

// fromBelow replaces a file of the layer that is only read.
func fromBelow(t *testing.T, path string) {
	t.Helper()
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if err := p.Revert(); err != nil || text(t, path) != "old" {
		t.Errorf("reverted: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := p.Clean(); err != nil {
		t.Error(err)
	}
}

// known skips a file system that the kernel does not have. To ask for one makes
// the kernel load it, where it can.
func known(t *testing.T, kind string) {
	t.Helper()
	_ = unix.Mount("none", t.TempDir(), kind, 0, "")
	text, err := os.ReadFile("/proc/filesystems")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[len(fields)-1] == kind {
			return
		}
	}
	t.Skipf("this kernel has no %s", kind)
}

// loopDevices makes the names that a container has not.
func loopDevices(t *testing.T) {
	t.Helper()
	devices := map[string]int{"/dev/loop-control": int(unix.Mkdev(10, 237))}
	for i := range 8 {
		devices[fmt.Sprintf("/dev/loop%d", i)] = int(unix.Mkdev(7, uint32(i)))
	}
	for name, number := range devices {
		kind := uint32(unix.S_IFBLK)
		if name == "/dev/loop-control" {
			kind = unix.S_IFCHR
		}
		if err := unix.Mknod(name, kind|0o600, number); err != nil && !os.IsExist(err) {
			t.Fatalf("make %s: %v", name, err)
		}
	}
}

func mountAt(t *testing.T, at string, arguments ...string) {
	t.Helper()
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, "mount", append(arguments, at)...)
	t.Cleanup(func() {
		if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
}

func command(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v: %s", name, arguments, err, out)
	}
	return string(out)
}
