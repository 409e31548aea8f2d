package atomicfiletest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Capabilities are what a file system, and the account that tests it, can.
type Capabilities struct {
	Owners    bool // files are given to other accounts
	Modes     bool // all permission bits are kept
	Symlinks  bool
	HardLinks bool
	Notes     bool // extended attributes that users make
	ACLs      bool // POSIX access lists
	Flags     bool // those of chattr
	OpenFiles bool // a file that a reader holds open is renamed over

	// What the contract does not try out by itself.
	Gaps  bool // a rename over a file leaves a moment without one
	Small bool // may be filled to its last byte
}

// Limit is the size that the contract's files stay below, in bytes.
const Limit = 8 << 20

type bench struct {
	dir string
	can Capabilities
}

// Run runs the contract in a folder.
func Run(t *testing.T, dir string, can Capabilities) {
	t.Helper()
	b := bench{dir: dir, can: can}
	for _, c := range []struct {
		name string
		run  func(t *testing.T, b bench)
	}{
		{"the capabilities are true", truth},
		{"contents of every size are replaced and put back", contents},
		{"metadata are there before the first byte", metadataFirst},
		{"metadata are kept by a replacement and by its revert", metadataKept},
		{"metadata are kept in place", metadataInPlace},
		{"a chain of links is followed and kept", chain},
		{"a link that leads elsewhere meanwhile is left alone", redirected},
		{"hard links are written in place", hardLinks},
		{"a read-only file stays read-only", readOnly},
		{"a long name is staged under another", longName},
		{"what another changed is left alone", changed},
		{"what is staged and forged is not used", forged},
		{"a half written file is put back, and its backup kept until then", halfWritten},
		{"a reader keeps what it opened", openReader},
		{"no reader sees a mixture", tornReads},
		{"a full disk loses nothing", fullDisk},
		{"created files are whole or not there", created},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, b) })
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "contract") {
			t.Errorf("left %q", e.Name())
		}
	}
}

// folder is a new one on the file system under test.
func (b bench) folder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp(b.dir, "contract") //nolint:usetesting // t.TempDir is on another file system
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

func (b bench) file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(b.folder(t), "file.json")
	write(t, path, content)
	return path
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	if string(got) != want {
		t.Errorf("%s: got %d bytes, want %d, or other ones", filepath.Base(path), len(got), len(want))
	}
}

// wantNames fails where a folder holds anything else.
func wantNames(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func read(t *testing.T, path string) atomicfile.File {
	t.Helper()
	f, err := atomicfile.Read(path, Limit)
	must(t, err)
	return f
}

func stage(t *testing.T, path, content string) atomicfile.Pending {
	t.Helper()
	f := read(t, path)
	p := atomicfile.Plan(f, []byte(content), "run")
	must(t, p.Stage(f.Data, []byte(content)))
	return p
}

// commit wants a way, and a reason where it is not by rename.
func commit(t *testing.T, p atomicfile.Pending, way atomicfile.Way, why string) {
	t.Helper()
	r, err := p.Commit()
	must(t, err)
	if r.Way != way || !strings.Contains(r.Why, why) || (way == atomicfile.InPlace) != (r.Why != "") {
		t.Fatalf("went %q because of %q, want %q because of %q", r.Way, r.Why, way, why)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != want {
		t.Errorf("%s has %v, want %v", filepath.Base(path), info.Mode().Perm(), want)
	}
}
