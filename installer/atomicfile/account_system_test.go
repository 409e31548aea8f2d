//go:build system && linux

package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// anotherID is an account, and a group, that owns nothing.
const anotherID = 61234

// TestAnotherAccount runs itself again as an account that only the file's group
// lets write.
func TestAnotherAccount(t *testing.T) {
	if path := os.Getenv("TEST_FILE_OF_ANOTHER"); path != "" {
		asAnother(t, path, os.Getenv("TEST_WANT"))
		return
	}
	for name, c := range map[string]struct {
		folder, file fs.FileMode
		want         string
	}{
		"the group may write the file": {0o777, 0o660, "in place"},
		"a sticky folder":              {fs.ModeSticky | 0o777, 0o660, "in place"},
		"the folder cannot be written": {0o755, 0o660, "staged elsewhere"},
		"the file cannot be written":   {0o777, 0o640, "denied"},
		"the file cannot be read":      {0o777, 0o600, "unreadable"},
		"a set-ID bit would be lost":   {0o777, fs.ModeSetuid | 0o770, "denied"},
		"a set-ID bit of a group":      {0o777, fs.ModeSetgid | 0o770, "denied"},
	} {
		t.Run(name, func(t *testing.T) {
			path := fileOfRoot(t, c.folder, c.file)
			runAsAnother(t, path, c.want)
			wantFileOfRoot(t, path, c.file)
		})
	}
}

// fileOfRoot makes a file in a folder that another account can get to.
func fileOfRoot(t *testing.T, folderMode, mode fs.FileMode) string {
	t.Helper()
	folder, err := os.MkdirTemp("/var/tmp", "atomicfile") //nolint:usetesting // the folders above t.TempDir are closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "file")
	write(t, path, "old", mode)
	if err := errors.Join(os.Chown(path, 0, anotherID), os.Chmod(path, mode), os.Chmod(folder, folderMode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func runAsAnother(t *testing.T, path, want string) {
	t.Helper()
	runTestAsAnother(t, "TestAnotherAccount", path, want)
}

func runTestAsAnother(t *testing.T, test, path, want string) {
	t.Helper()
	program := filepath.Join(filepath.Dir(path), "program")
	if out, err := exec.CommandContext(t.Context(), "install", "-m", "755", os.Args[0], program).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^"+test+"$", "-test.v")
	cmd.Dir, cmd.Env = "/", []string{"TEST_FILE_OF_ANOTHER=" + path, "TEST_WANT=" + want, "TMPDIR=/tmp"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: anotherID, Gid: anotherID}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func wantFileOfRoot(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid != 0 || stat.Gid != anotherID || info.Mode() != mode || text(t, path) != "old" {
		t.Errorf("the file is %+v", stat)
	}
	if got := names(t, filepath.Dir(path)); len(got) != 2 {
		t.Errorf("left %q", got)
	}
}

func asAnother(t *testing.T, path, want string) {
	t.Helper()
	if want == "unreadable" {
		if _, err := atomicfile.Read(path, most); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("read: %v", err)
		}
		return
	}
	p := stageAsAnother(t, path, want == "staged elsewhere")
	if info, err := os.Stat(p.Temp); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("what was staged without the owner has %v, %v", info.Mode(), err)
	}
	commitAsAnother(t, p, want == "denied")
	if err := p.Revert(); err != nil || text(t, path) != "old" {
		t.Errorf("not put back: %v", err)
	}
	if err := p.Clean(); err != nil {
		t.Error(err)
	}
}

func commitAsAnother(t *testing.T, p atomicfile.Pending, denied bool) {
	t.Helper()
	r, err := p.Commit()
	if denied {
		if !errors.Is(err, fs.ErrPermission) || text(t, p.Path) != "old" {
			t.Errorf("got %v", err)
		}
		return
	}
	if err != nil || r.Way != atomicfile.InPlace || !strings.Contains(r.Why, "owner") || strings.Contains(r.Why, "takes no new files") != (filepath.Dir(p.Temp) != filepath.Dir(p.Real)) || text(t, p.Path) != "new" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func stageAsAnother(t *testing.T, path string, elsewhere bool) atomicfile.Pending {
	t.Helper()
	f := read(t, path)
	p := atomicfile.Plan(f, []byte("new"), "run")
	err := p.Stage(f.Data, []byte("new"))
	if elsewhere {
		if !errors.Is(err, atomicfile.ErrFolder) {
			t.Fatalf("stage: %v", err)
		}
		p = atomicfile.PlanIn(f, []byte("new"), "run", t.TempDir())
		err = p.Stage(f.Data, []byte("new"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAnAccountsOwnFile runs itself again as the account that owns the file.
func TestAnAccountsOwnFile(t *testing.T) {
	if path := os.Getenv("TEST_FILE_OF_ANOTHER"); path != "" {
		asOwner(t, path, os.Getenv("TEST_WANT"))
		return
	}
	for name, c := range map[string]struct {
		folder, file fs.FileMode
		attribute    string // one that only root may set
		links        bool
		want         string // a part of why not by rename, "renamed" or "denied"
	}{
		"read-only":                            {0o755, 0o444, "", false, "renamed"},
		"read-only with two names":             {0o755, 0o444, "", true, "denied"},
		"in a folder that is not read":         {0o300, 0o640, "", false, "renamed"},
		"in a sticky folder":                   {fs.ModeSticky | 0o777, 0o640, "", false, "renamed"},
		"an attribute that only root may give": {0o755, 0o640, "security.note", false, "attribute security.note"},
	} {
		t.Run(name, func(t *testing.T) {
			path := fileOfRoot(t, c.folder, c.file)
			if err := errors.Join(os.Chown(path, anotherID, anotherID), os.Chown(filepath.Dir(path), anotherID, anotherID)); err != nil {
				t.Fatal(err)
			}
			if c.attribute != "" {
				if err := unix.Setxattr(path, c.attribute, []byte("x"), 0); err != nil {
					t.Fatal(err)
				}
			}
			if c.links {
				if err := os.Link(path, path+"2"); err != nil {
					t.Fatal(err)
				}
			}
			runTestAsAnother(t, "TestAnAccountsOwnFile", path, c.want)
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != c.file {
				t.Errorf("got %v, %v", info.Mode(), err)
			}
			if got := len(names(t, filepath.Dir(path))); got != 2 && !c.links {
				t.Errorf("left %q", names(t, filepath.Dir(path)))
			}
		})
	}
}

func asOwner(t *testing.T, path, want string) {
	t.Helper()
	p := pending(t, path)
	r, err := p.Commit()
	switch {
	case want == "denied":
		if !errors.Is(err, fs.ErrPermission) || text(t, path) != "old" {
			t.Errorf("got %v", err)
		}
	case err != nil || text(t, path) != "new and longer":
		t.Errorf("got %v", err)
	case want == "renamed" && r.Way != atomicfile.Rename, want != "renamed" && (r.Way != atomicfile.InPlace || !strings.Contains(r.Why, want)):
		t.Errorf("went %+v, want %s", r, want)
	}
	if err := errors.Join(p.Revert(), p.Clean()); err != nil || text(t, path) != "old" {
		t.Errorf("not put back: %v", err)
	}
}
