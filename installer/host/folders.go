package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// parentMode is the mode of folders that had to be made on the way.
const parentMode fs.FileMode = 0o755

// MakeFolder makes a folder and the parents that are missing.
func (OS) MakeFolder(f Folder) (made []string, err error) {
	if !filepath.IsAbs(f.Path) {
		return nil, fmt.Errorf("make folder %s: not an absolute path", fault.Path(f.Path))
	}
	missing, err := missingFolders(filepath.Clean(f.Path))
	if err != nil {
		return nil, fmt.Errorf("make folder %s: %w", fault.Path(f.Path), err)
	}
	for i, path := range missing {
		folder := Folder{Path: path, Mode: parentMode, UID: -1, GID: -1}
		if i == len(missing)-1 {
			folder = f
			folder.Path = path
		}
		isNew, err := makeOne(folder)
		if err != nil {
			return made, fmt.Errorf("make folder: %w", err)
		}
		if !isNew {
			continue
		}
		made = append(made, path)
		if err := finish(folder); err != nil {
			return made, fmt.Errorf("make folder: %w", err)
		}
	}
	return made, nil
}

// makeOne makes a folder that nobody but the caller, or on Windows those whom it is
// for, can enter; isNew is false when
// another made it meanwhile.
func makeOne(f Folder) (isNew bool, err error) {
	err = atomicfile.NewFolder(f.Path, atFirst(f.Mode), f.Access)
	if !errors.Is(err, fs.ErrExist) {
		return err == nil, err
	}
	info, err := os.Stat(f.Path)
	if err != nil || !info.IsDir() { // a link to nothing is not seen before
		return false, fmt.Errorf("%s: %w", fault.Path(f.Path), ErrNotFolder)
	}
	return false, nil
}

// missingFolders lists what is not there on the way to a path, outermost first.
func missingFolders(path string) ([]string, error) {
	var missing []string
	for {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			slices.Reverse(missing)
			return missing, nil
		case err == nil:
			return nil, fmt.Errorf("%s: %w", fault.Path(path), ErrNotFolder)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case filepath.Dir(path) == path:
			return nil, err
		}
		missing = append(missing, path)
		path = filepath.Dir(path)
	}
}

// finish gives a folder, which only the caller can enter until then, its owner
// and mode, and puts them on the disk: its name there says nothing of them.
func finish(f Folder) error {
	if f.UID >= 0 || f.GID >= 0 {
		if err := os.Lchown(f.Path, f.UID, f.GID); err != nil {
			return err
		}
	}
	if err := os.Chmod(f.Path, f.Mode); err != nil {
		return err
	}
	return atomicfile.SyncFolder(f.Path)
}

// RemoveEmptyFolder removes a folder that is empty. It is gone on the disk, too, when
// this returns.
func (OS) RemoveEmptyFolder(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return flushGone(path) // who removed it may have been killed before
	case err != nil:
		return fmt.Errorf("remove folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("remove folder %s: %w", fault.Path(path), ErrNotFolder)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("remove folder: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("remove folder %s: %w", fault.Path(path), ErrNotEmpty)
	}
	// A file that comes meanwhile makes this fail: it never removes content.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove folder: %w", err)
	}
	return flushGone(path)
}

// flushGone puts on the disk that a folder is gone; its parent may be, too.
func flushGone(path string) error {
	if err := atomicfile.FlushNames(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove folder: %w", err)
	}
	return nil
}
