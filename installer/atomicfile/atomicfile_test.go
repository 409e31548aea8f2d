package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestAReplacementIsWholeAndKeepsTheMode(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	write(t, path, "old", 0o640)
	p := pending(t, path)
	if got := text(t, path); got != "old" {
		t.Errorf("staging changed the file: %q", got)
	}
	for _, beside := range []string{p.Temp, p.Backup} {
		info, err := os.Stat(beside)
		if err != nil || info.Mode().Perm() != here(0o640) {
			t.Errorf("%s: %v, %v", beside, info.Mode(), err)
		}
	}
	commit(t, p, atomicfile.Rename)
	if got := text(t, path); got != "new and longer" {
		t.Errorf("got %q", got)
	}
	commit(t, p, atomicfile.Already)
	if err := p.Clean(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); !reflect.DeepEqual(got, []string{"file"}) {
		t.Errorf("left %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != here(0o640) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestASymbolicLinkIsFollowedAndKept(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "real"), filepath.Join(folder, "link")
	write(t, file, "old", 0o600)
	symlink(t, "real", link)
	commit(t, pending(t, link), atomicfile.Rename)
	if target, err := os.Readlink(link); err != nil || target != "real" || text(t, file) != "new and longer" {
		t.Errorf("got %q, %v, %q", target, err, text(t, file))
	}
}

func TestHardLinksAreWrittenInPlaceAndReverted(t *testing.T) {
	folder := t.TempDir()
	path, other := filepath.Join(folder, "file"), filepath.Join(folder, "other")
	write(t, path, "old", 0o600)
	if err := os.Link(path, other); err != nil {
		t.Fatal(err)
	}
	p := pending(t, path)
	if r := commit(t, p, atomicfile.InPlace); r.Why == "" {
		t.Error("it does not say why")
	}
	if got := text(t, other); got != "new and longer" {
		t.Errorf("the other name holds %q", got)
	}
	if err := p.Revert(); err != nil || text(t, other) != "old" {
		t.Errorf("reverted: %q, %v", text(t, other), err)
	}
}

func TestAFileThatSomebodyElseChangedIsLeftAlone(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, path string){
		"content": func(t *testing.T, path string) { t.Helper(); write(t, path, "edited", 0o600) },
		"mode":    func(t *testing.T, path string) { t.Helper(); write(t, path, "old", 0o644) },
		"another file": func(t *testing.T, path string) {
			t.Helper()
			write(t, path+"2", "old", 0o600)
			if err := os.Rename(path+"2", path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, "old", 0o600)
			p := pending(t, path)
			change(t, path)
			before := text(t, path)
			if _, err := p.Commit(); !errors.Is(err, atomicfile.ErrChanged) {
				t.Errorf("got %v, want ErrChanged", err)
			}
			if text(t, path) != before {
				t.Error("it was overwritten")
			}
		})
	}
}

func TestStagedFilesInAnotherFolder(t *testing.T) {
	path, elsewhere := filepath.Join(t.TempDir(), "file"), t.TempDir()
	write(t, path, "old", 0o600)
	f := read(t, path)
	p := atomicfile.PlanIn(f, []byte("new"), "run", elsewhere)
	if err := p.Stage(f.Data, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(path)); len(got) != 1 {
		t.Errorf("staged beside the file: %q", got)
	}
	if _, err := p.Commit(); err != nil || text(t, path) != "new" {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "large"), "12345", 0o600)
	for name, want := range map[string]error{"missing": fs.ErrNotExist, ".": atomicfile.ErrNotRegular, "large": atomicfile.ErrTooLarge} {
		if f, err := atomicfile.Read(filepath.Join(folder, name), 4); !errors.Is(err, want) || f.Data != nil {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	if f, err := atomicfile.Read(filepath.Join(folder, "large"), 5); err != nil || string(f.Data) != "12345" {
		t.Errorf("got %q, %v", f.Data, err)
	}
}

func TestAVolumeOfKubernetesIsNotWritten(t *testing.T) {
	folder := t.TempDir()
	version := filepath.Join(folder, "..2026_11_23")
	if err := os.Mkdir(version, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(version, "secret"), "old", 0o600)
	for link, target := range map[string]string{"..data": "..2026_11_23", "secret": "..data/secret"} {
		symlink(t, target, filepath.Join(folder, link))
	}
	f := read(t, filepath.Join(folder, "secret"))
	if err := atomicfile.Plan(f, []byte("new"), "run").Stage(f.Data, []byte("new")); !errors.Is(err, atomicfile.ErrManaged) {
		t.Errorf("got %v, want ErrManaged", err)
	}
}

func TestCreateReplacesAsAWholeOrRefuses(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	options := atomicfile.Options{UID: -1, GID: -1}
	for _, want := range []string{"first", "second"} {
		if err := atomicfile.Create(path, []byte(want), options); err != nil || text(t, path) != want {
			t.Fatalf("got %v", err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != here(0o600) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for range 2 {
		if err := atomicfile.Remove(path); err != nil {
			t.Error(err)
		}
	}
	if got := names(t, folder); len(got) != 0 {
		t.Errorf("left %q", got)
	}
	if err := atomicfile.Create(filepath.Join(folder, "none", "file"), nil, options); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestCreateExclusivelyTouchesNothingThatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "second", 0o600)
	options := atomicfile.Options{Mode: 0o644, UID: -1, GID: -1, Exclusive: true}
	if err := atomicfile.Create(path, []byte("third"), options); !errors.Is(err, fs.ErrExist) || text(t, path) != "second" {
		t.Errorf("got %v, %q", err, text(t, path))
	}
	if err := atomicfile.Create(path+"2", []byte("fourth"), options); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path + "2"); err != nil || info.Mode().Perm() != here(0o644) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestAStagedFileThatWasTamperedWithIsNotUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	write(t, p.Temp, "forged", 0o600)
	if _, err := p.Commit(); !errors.Is(err, atomicfile.ErrBackup) || text(t, path) != "old" {
		t.Errorf("got %v, %q", err, text(t, path))
	}
}

func TestStagingTakesOnlyWhatWasPlannedAndCanBeRepeated(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	write(t, path, "old", 0o600)
	p := atomicfile.Plan(read(t, path), []byte("new"), "run")
	for _, c := range [][2]string{{"other", "new"}, {"old", "other"}} {
		if err := p.Stage([]byte(c[0]), []byte(c[1])); err == nil {
			t.Errorf("%q: no error", c)
		}
	}
	if got := names(t, folder); len(got) != 1 {
		t.Errorf("left %q", got)
	}
	for range 2 {
		if err := p.Stage([]byte("old"), []byte("new")); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := afterwards(t, p).Clean(); err != nil {
			t.Error(err)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := p.Clean(); err != nil {
		t.Errorf("the folder is gone: %v", err)
	}
}

func TestTheStateIsToldByTheContent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	for content, want := range map[string]atomicfile.State{
		"old": atomicfile.Old, "new and longer": atomicfile.New, "x": atomicfile.Other,
	} {
		write(t, path, content, 0o600)
		if got, err := p.State(); err != nil || got != want {
			t.Errorf("%q: got %s, %v", content, got, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got, err := p.State(); err != nil || got != atomicfile.Missing {
		t.Errorf("no file: got %s, %v", got, err)
	}
}

func TestNoErrorQuotesAContent(t *testing.T) {
	const marker = "TST8Q~not-a-real-secret-0000000000000001"
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, marker, 0o600)
	f := read(t, path)
	p := atomicfile.Plan(f, []byte(marker+"2"), "run")
	_, missing := p.Commit() // nothing is staged
	stage := p.Stage([]byte("x"), []byte("y"))
	write(t, path, "z", 0o600)
	for _, err := range []error{missing, stage, p.Revert()} {
		if err == nil || strings.Contains(err.Error(), marker[:5]) {
			t.Errorf("got %v", err)
		}
	}
}
