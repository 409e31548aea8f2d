package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/empowersuite/backend-installer/installer/fault"
)

const defaultMode fs.FileMode = 0o600

// Create makes a file, or replaces one of the program's own, as a whole. What
// it replaces loses its owner and attributes to those of the options.
func Create(path string, data []byte, o Options) error {
	if err := create(path, data, o); err != nil {
		return fmt.Errorf("write %s: %w", fault.Path(path), err)
	}
	return nil
}

func create(path string, data []byte, o Options) error {
	temp := tempOf(path, rand.Text()[:chanceBytes])
	file, err := newFile(temp, o.Access)
	if err != nil {
		return folderError(err)
	}
	err = errors.Join(own(file, o), writeWhole(file, data), file.Close())
	switch {
	case err != nil:
	case o.Exclusive:
		err = moveNew(temp, path)
	default:
		err = moveOver(temp, path)
	}
	if err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	return syncFolder(filepath.Dir(path))
}

// chanceBytes is the length of what chance adds to a name: letters and digits.
const chanceBytes = 12

func tempOf(path, chance string) string {
	return filepath.Join(filepath.Dir(path), hidden(filepath.Base(path), chance, ".tmp")+".tmp")
}

// Sweep removes what a Create of this path left that was killed. Nobody may be
// creating the file meanwhile.
func Sweep(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("clear what was left of %s: %w", fault.Path(path), err)
	}
	for _, e := range entries {
		whole := strings.TrimSuffix(e.Name(), ".tmp")
		chance := whole[max(0, len(whole)-chanceBytes):]
		if filepath.Base(tempOf(path, chance)) != e.Name() || !isChance(chance) {
			continue
		}
		if err := Remove(filepath.Join(filepath.Dir(path), e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// isChance recognises what rand.Text returns.
func isChance(text string) bool {
	return len(text) == chanceBytes && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

func own(file *os.File, o Options) error {
	if o.UID >= 0 || o.GID >= 0 {
		if err := file.Chown(o.UID, o.GID); err != nil {
			return err
		}
	}
	if o.Mode == 0 {
		o.Mode = defaultMode
	}
	return setMode(file, o)
}

func writeWhole(file *os.File, data []byte) error {
	if _, err := file.Write(data); err != nil {
		return err
	}
	return file.Sync()
}

// Remove removes a file and flushes its folder; a file that is not there is
// removed.
func Remove(path string) error {
	err := removeIfThere(path)
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", fault.Path(path), err)
	}
	return nil
}

func removeIfThere(path string) error {
	if err := unlink(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// TakesFiles reports whether new files can be made in a folder, by making one:
// without a name where the file system has such files, so that a kill leaves
// none, else with a name that is removed.
func TakesFiles(folder string) bool {
	if unwritable(folder) != nil {
		return false // an append-only folder takes a file, but does not let it go
	}
	if takes, known := takesNameless(folder); known {
		return takes
	}
	path := filepath.Join(folder, "."+rand.Text()[:chanceBytes]+".tmp")
	file, err := openFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return false
	}
	return errors.Join(file.Close(), unlink(path)) == nil
}
