package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// The kernel follows a link before it goes up. Windows goes up first.
func TestAPathLeadsWhereTheSystemLeads(t *testing.T) {
	top := t.TempDir()
	if err := os.MkdirAll(filepath.Join(top, "far", "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	symlink(t, filepath.Join("far", "below"), filepath.Join(top, "link"))
	write(t, filepath.Join(top, "file"), "near", 0o600)
	write(t, filepath.Join(top, "far", "file"), "far", 0o600)
	t.Chdir(top)
	for _, path := range []string{"link/../file", top + "/link/../file", "./link/../file"} {
		want := text(t, path) // as the system reads it
		f := read(t, path)
		if string(f.Data) != want || !filepath.IsAbs(f.Path) {
			t.Errorf("%s: got %q, want %q", path, f.Data, want)
		}
		p := atomicfile.Plan(f, []byte("new"), "run")
		if err := p.Stage(f.Data, []byte("new")); err != nil {
			t.Fatal(err)
		}
		commit(t, p, atomicfile.Rename)
		if err := errors.Join(p.Revert(), p.Clean()); err != nil || text(t, path) != want {
			t.Error(err)
		}
	}
	if f := read(t, "./far//file"); f.Path != filepath.Join(top, "far", "file") {
		t.Errorf("got the path %q", f.Path)
	}
}

func TestAFileIsNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	endings := []string{"/"}
	if runtime.GOOS != "windows" { // which knows no better
		endings = []string{"/", "/.", "/../file", "//"}
	}
	for _, ending := range endings {
		if f, err := atomicfile.Read(path+ending, most); err == nil {
			t.Errorf("%s: read %q", ending, f.Data)
		}
	}
	if _, err := atomicfile.Read(filepath.Dir(path)+"/", most); err == nil {
		t.Error("a folder was read")
	}
}

func TestFilesOfOneNameAreStagedApart(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	var staged []atomicfile.Pending
	for _, name := range []string{"a", "b"} {
		path := filepath.Join(folder, name, "file")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, "old "+name, 0o600)
		f := read(t, path)
		p := atomicfile.PlanIn(f, []byte("new "+name), "run", elsewhere)
		if err := p.Stage(f.Data, []byte("new "+name)); err != nil {
			t.Fatal(err)
		}
		staged = append(staged, p)
	}
	for i, p := range staged {
		if _, err := p.Commit(); err != nil || text(t, p.Path) != "new "+string(rune('a'+i)) {
			t.Errorf("got %v, %q", err, text(t, p.Path))
		}
		if err := errors.Join(p.Revert(), p.Clean()); err != nil {
			t.Error(err)
		}
	}
	if got := names(t, elsewhere); len(got) != 0 {
		t.Errorf("left %q", got)
	}
}

func TestAPlanSurvivesAJournal(t *testing.T) {
	id := atomicfile.Identity{
		Dev: 1<<64 - 1, Ino: 1 << 63, Size: 1 << 62, ModTime: time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC), SHA256: "ab",
		Mode: fs.ModeSetgid | 0o2640, UID: -1, GID: 1, Links: 2, Metadata: "cd",
	}
	for _, path := range []string{"/etc/app.json", "/etc/\xff\xfe.json", "/etc/a\u2028b\x00", `C:\x"y`, ""} {
		p := atomicfile.Pending{
			Path: path, Real: path + "\xf0", Temp: path + ".new", Backup: path + ".old",
			OldSHA256: "12", NewSHA256: "34", Old: id, Patience: time.Second,
		}
		if got := afterwards(t, p); !reflect.DeepEqual(got, p) {
			t.Errorf("got %+v, want %+v", got, p)
		}
	}
	var p atomicfile.Pending
	for _, text := range []string{`{"path": 1}`, `{"real": "base64:%"}`} {
		if err := p.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s: got %+v", text, p)
		}
	}
}

func TestAFileWhoseNameIsNoTextIsReplacedAndPutBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file\xff")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Skipf("no such names here: %v", err)
	}
	p := afterwards(t, pending(t, path))
	commit(t, p, atomicfile.Rename)
	if err := errors.Join(p.Revert(), p.Clean()); err != nil || text(t, path) != "old" {
		t.Error(err)
	}
}
