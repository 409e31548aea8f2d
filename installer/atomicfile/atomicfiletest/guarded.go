package atomicfiletest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// truth makes sure that the capabilities say no more and no less than is so.
func truth(t *testing.T, b bench) {
	t.Helper()
	want := b.can
	want.Small, want.Gaps = false, false
	if got := probe(t, b.folder(t)); got != want {
		t.Errorf("the file system can %+v, want %+v", got, want)
	}
}

// Probe tries out what a folder's file system can.
func Probe(t *testing.T, dir string) Capabilities {
	t.Helper()
	folder, err := os.MkdirTemp(dir, "probe") //nolint:usetesting // t.TempDir is on another file system
	must(t, err)
	can := probe(t, folder)
	must(t, os.RemoveAll(folder))
	return can
}

func probe(t *testing.T, folder string) Capabilities {
	t.Helper()
	path := filepath.Join(folder, "probe")
	write(t, path, "x")
	var can Capabilities
	can.HardLinks = os.Link(path, path+"2") == nil
	_ = os.Symlink("probe", path+"3")
	_, err := os.Readlink(path + "3")
	can.Symlinks = err == nil
	chmodErr := os.Chmod(path, 0o604)
	info, err := os.Stat(path)
	must(t, err)
	can.Modes = chmodErr == nil && info.Mode().Perm() == 0o604
	can.OpenFiles = opensAreReplaced(t, folder)
	probeSystem(t, path, &can)
	return can
}

func opensAreReplaced(t *testing.T, folder string) bool {
	t.Helper()
	path := filepath.Join(folder, "open")
	write(t, path, "x")
	write(t, path+"2", "y")
	file, err := os.Open(path)
	must(t, err)
	defer file.Close() //nolint:errcheck // read-only
	return os.Rename(path+"2", path) == nil
}

func readOnly(t *testing.T, b bench) {
	t.Helper()
	path := b.file(t, "old")
	must(t, os.Chmod(path, 0o444))
	t.Cleanup(func() { _ = os.Chmod(path, 0o600) }) // or it cannot be removed on Windows
	f := read(t, path)
	p := atomicfile.Plan(f, []byte("new"), "run")
	err := p.Stage(f.Data, []byte("new"))
	if !b.can.Modes && err != nil {
		wantError(t, err, atomicfile.ErrReadOnly)
		wantContent(t, path, "old")
		wantNames(t, filepath.Dir(path), "file.json")
		return
	}
	must(t, err)
	commit(t, p, atomicfile.Rename, "")
	wantContent(t, path, "new")
	if b.can.Modes {
		wantMode(t, path, 0o444)
	}
	must(t, p.Clean())
}

func changed(t *testing.T, b bench) {
	t.Helper()
	for name, change := range map[string]func(t *testing.T, path string){
		"content": func(t *testing.T, path string) { t.Helper(); write(t, path, "edited") },
		"length of the content": func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Truncate(path, 2))
		},
		"time": func(t *testing.T, path string) {
			t.Helper()
			long := time.Date(2020, 2, 4, 6, 8, 10, 0, time.Local)
			must(t, os.Chtimes(path, long, long))
		},
		"another file of the same content": func(t *testing.T, path string) {
			t.Helper()
			info, err := os.Stat(path)
			must(t, err)
			write(t, path+"2", "old")
			must(t, os.Chtimes(path+"2", info.ModTime(), info.ModTime()))
			must(t, os.Rename(path+"2", path))
		},
	} {
		path := b.file(t, "old")
		p := stage(t, path, "new")
		change(t, path)
		before, err := os.ReadFile(path)
		must(t, err)
		if _, err := p.Commit(); !errors.Is(err, atomicfile.ErrChanged) {
			t.Errorf("%s: got %v, want %v", name, err, atomicfile.ErrChanged)
		}
		wantContent(t, path, string(before))
		must(t, p.Clean())
		wantNames(t, filepath.Dir(path), "file.json")
	}
	path := b.file(t, "old")
	p := stage(t, path, "new")
	must(t, os.Remove(path))
	_, err := p.Commit()
	wantError(t, err, fs.ErrNotExist)
	must(t, p.Clean())
	wantNames(t, filepath.Dir(path))
}

func forged(t *testing.T, b bench) {
	t.Helper()
	path := b.file(t, "old")
	p := stage(t, path, "new")
	write(t, p.Temp, "forged")
	_, err := p.Commit()
	wantError(t, err, atomicfile.ErrBackup)
	wantContent(t, path, "old")
	must(t, p.Clean())
}

func halfWritten(t *testing.T, b bench) {
	t.Helper()
	large, fresh := strings.Repeat("old.", 100_000), strings.Repeat("new!", 110_000)
	path := b.file(t, large)
	p := stage(t, path, fresh)
	write(t, path, fresh[:200_000]+large[200_000:])
	wantError(t, p.Clean(), atomicfile.ErrTorn)
	must(t, p.Revert())
	wantContent(t, path, large)
	must(t, p.Clean())
	wantNames(t, filepath.Dir(path), "file.json")

	p = stage(t, path, fresh)
	edited := fresh[:200_000] + "X" + large[200_001:]
	write(t, path, edited)
	wantError(t, p.Revert(), atomicfile.ErrChanged)
	wantContent(t, path, edited)
	must(t, p.Clean())
}

func openReader(t *testing.T, b bench) {
	t.Helper()
	if !b.can.OpenFiles {
		return // what is done instead is tested where such a system is at hand
	}
	path := b.file(t, "old")
	reader, err := os.Open(path)
	must(t, err)
	defer reader.Close() //nolint:errcheck // read-only
	p := stage(t, path, "new")
	commit(t, p, atomicfile.Rename, "")
	if got, err := io.ReadAll(reader); err != nil || string(got) != "old" {
		t.Errorf("the reader got %q, %v", got, err)
	}
	wantContent(t, path, "new")
	must(t, p.Clean())
}

func created(t *testing.T, b bench) {
	t.Helper()
	folder := b.folder(t)
	path := filepath.Join(folder, "file")
	plain := atomicfile.Options{UID: -1, GID: -1}
	alone := atomicfile.Options{UID: -1, GID: -1, Mode: 0o644, Exclusive: true}
	must(t, atomicfile.Create(path, []byte("first"), alone))
	wantError(t, atomicfile.Create(path, []byte("second"), alone), fs.ErrExist)
	wantContent(t, path, "first")
	if b.can.Modes {
		wantMode(t, path, 0o644)
	}
	must(t, atomicfile.Create(path, []byte("third"), plain))
	wantContent(t, path, "third")
	if b.can.Modes {
		wantMode(t, path, 0o600)
	}
	wantNames(t, folder, "file")
	if !atomicfile.TakesFiles(folder) {
		t.Error("the folder takes no files")
	}
	for range 2 {
		must(t, atomicfile.Remove(path))
	}
	wantNames(t, folder)
}

// fullDisk is tried beside the file and, with what is staged elsewhere, in it.
func fullDisk(t *testing.T, b bench) {
	t.Helper()
	if !b.can.Small {
		return
	}
	const size = 1 << 20
	path := b.file(t, strings.Repeat("o", size))
	folder := filepath.Dir(path)
	f := read(t, path)
	larger := bytes.Repeat([]byte("n"), 4*size)
	elsewhere := atomicfile.PlanIn(f, larger, "run", t.TempDir())
	must(t, elsewhere.Stage(f.Data, larger))

	fill(t, filepath.Join(folder, "zfill"))
	p := atomicfile.Plan(f, larger, "run")
	if err := p.Stage(f.Data, larger); !isFull(err) {
		t.Errorf("staged on a full disk: %v", err)
	}
	wantNames(t, folder, "file.json", "zfill")
	wantContent(t, path, string(f.Data))

	r, err := elsewhere.Commit()
	if !isFull(err) || r.Way != atomicfile.InPlace {
		t.Errorf("written on a full disk: %+v, %v", r, err)
	}
	wantContent(t, path, string(f.Data))
	must(t, elsewhere.Revert())
	must(t, os.Remove(filepath.Join(folder, "zfill")))
	f = read(t, path)
	p = atomicfile.Plan(f, larger, "run")
	must(t, p.Stage(f.Data, larger))
	commit(t, p, atomicfile.Rename, "")
	must(t, errors.Join(p.Clean(), elsewhere.Clean()))
	wantNames(t, folder, "file.json")
}
