package atomicfile_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"runtime"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

const most = 1 << 20

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// here is the mode as this system shows it: Windows knows read-only, and no more.
func here(mode fs.FileMode) fs.FileMode {
	if runtime.GOOS != "windows" {
		return mode
	}
	if mode&0o200 == 0 {
		return 0o444
	}
	return 0o666
}

func symlink(t *testing.T, target, link string) {
	t.Helper()
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if _, err := os.Lstat(link); err != nil {
		t.Skipf("symbolic links are made here without effect, as Wine does: %v", err)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func read(t *testing.T, path string) atomicfile.File {
	t.Helper()
	f, err := atomicfile.Read(path, most)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pending stages new content for a file that holds "old".
func pending(t *testing.T, path string) atomicfile.Pending {
	t.Helper()
	f := read(t, path)
	p := atomicfile.Plan(f, []byte("new and longer"), "run")
	if err := p.Stage(f.Data, []byte("new and longer")); err != nil {
		t.Fatal(err)
	}
	return p
}

func commit(t *testing.T, p atomicfile.Pending, want atomicfile.Way) atomicfile.Result {
	t.Helper()
	r, err := p.Commit()
	if err != nil {
		t.Fatal(err)
	}
	if r.Way != want {
		t.Errorf("went %s because %q, want %s", r.Way, r.Why, want)
	}
	return r
}

// afterwards is the Pending as another process reads it from a journal.
func afterwards(t *testing.T, p atomicfile.Pending) atomicfile.Pending {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var again atomicfile.Pending
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	return again
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
