package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// FlushTree returns when a folder, and every file and folder in it, is on the
// disk: a copy that was only written is files without content after a power cut.
func FlushTree(root string) error {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return syncFolder(path)
		case d.Type().IsRegular():
			return syncFile(path)
		}
		return nil // the name of a link is its folder's
	})
	if err != nil {
		return fmt.Errorf("flush %s: %w", fault.Path(root), err)
	}
	return nil
}

// FlushNames returns when the names in the folders of these paths are on the disk:
// those that were made there, and that others are gone.
func FlushNames(paths ...string) error {
	var all error
	for _, path := range paths {
		all = errors.Join(all, syncFolder(filepath.Dir(path)))
	}
	return all
}
