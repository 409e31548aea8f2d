package host_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/empowersuite/backend-installer/installer/host"
)

func folder(path string, mode fs.FileMode) host.Folder {
	return host.Folder{Path: path, Mode: mode, UID: -1, GID: -1}
}

func TestMakeFolderTellsWhatItMade(t *testing.T) {
	top := t.TempDir()
	a, b, c := filepath.Join(top, "a"), filepath.Join(top, "a", "b"), filepath.Join(top, "a", "b", "c")
	made, err := host.OS{}.MakeFolder(folder(c, 0o750))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{a, b, c}; !slices.Equal(made, want) {
		t.Errorf("got %q, want %q", made, want)
	}
	if runtime.GOOS != "windows" { // which has no such modes
		wantMode(t, a, 0o755)
		wantMode(t, b, 0o755)
		wantMode(t, c, 0o750)
	}
	made, err = host.OS{}.MakeFolder(folder(c, 0o700))
	if err != nil || len(made) != 0 {
		t.Errorf("again: got %q and %v, want nothing made", made, err)
	}
	if runtime.GOOS != "windows" {
		wantMode(t, c, 0o750)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s: got mode %v, want %v", path, got, want)
	}
}

func TestMakeFolderGivesTheOwner(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() != 0 {
		t.Skip("only root may give folders away")
	}
	path := filepath.Join(t.TempDir(), "parent", "given")
	if _, err := (host.OS{}).MakeFolder(host.Folder{Path: path, Mode: 0o700, UID: 4321, GID: 4322}); err != nil {
		t.Fatal(err)
	}
	if uid, gid := ownerOf(t, path); uid != 4321 || gid != 4322 {
		t.Errorf("got %d:%d, want 4321:4322", uid, gid)
	}
	if uid, gid := ownerOf(t, filepath.Dir(path)); uid != 0 || gid != os.Getegid() {
		t.Errorf("parent: got %d:%d, want the caller's", uid, gid)
	}
}

func TestMakeFolderTellsWhatItMadeBesideAnError(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("root may give folders away")
	}
	path := filepath.Join(t.TempDir(), "parent", "given")
	made, err := host.OS{}.MakeFolder(host.Folder{Path: path, Mode: 0o700, UID: 0, GID: 0})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v, want %v", err, fs.ErrPermission)
	}
	if want := []string{filepath.Dir(path), path}; !slices.Equal(made, want) {
		t.Errorf("got %q, want %q", made, want)
	}
}

func TestMakeFolderRefusesWhatIsInTheWay(t *testing.T) {
	top := t.TempDir()
	file := filepath.Join(top, "file")
	write(t, file, "", 0o600)
	wants := map[string]error{file: host.ErrNotFolder, filepath.Join(file, "below"): nil, "relative": nil}
	if runtime.GOOS != "windows" {
		link := filepath.Join(top, "dangling")
		if err := os.Symlink(filepath.Join(top, "none"), link); err != nil {
			t.Fatal(err)
		}
		wants[link] = host.ErrNotFolder
		wants[filepath.Join(link, "below")] = host.ErrNotFolder
	}
	for path, want := range wants {
		made, err := host.OS{}.MakeFolder(folder(path, 0o700))
		if err == nil || len(made) != 0 {
			t.Errorf("%s: got %q and %v, want an error", path, made, err)
		}
		if want != nil && !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", path, err, want)
		}
	}
}

func TestMakeFolderGoesThroughALinkToAFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	top := t.TempDir()
	link := filepath.Join(top, "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	made, err := host.OS{}.MakeFolder(folder(filepath.Join(link, "below"), 0o700))
	if want := []string{filepath.Join(link, "below")}; err != nil || !slices.Equal(made, want) {
		t.Errorf("got %q and %v, want %q", made, err, want)
	}
}

func TestRemoveEmptyFolderNeverRemovesContent(t *testing.T) {
	top := t.TempDir()
	path := filepath.Join(top, "folder")
	if _, err := (host.OS{}).MakeFolder(folder(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(path, "file")
	write(t, file, "kept", 0o600)
	if err := (host.OS{}).RemoveEmptyFolder(path); !errors.Is(err, host.ErrNotEmpty) {
		t.Errorf("got %v, want %v", err, host.ErrNotEmpty)
	}
	if err := (host.OS{}).RemoveEmptyFolder(file); !errors.Is(err, host.ErrNotFolder) {
		t.Errorf("got %v, want %v", err, host.ErrNotFolder)
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("the file is gone: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for range 2 { // none is a no-op
		if err := (host.OS{}).RemoveEmptyFolder(path); err != nil {
			t.Errorf("got %v, want none", err)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}
