package edit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/remedy"
)

// tag names what is staged: the same for every edit, so that one finds what
// another that was killed has left.
const tag = "edit"

// bench is a file with the folder where its edits have their lock and what they
// stage.
type bench struct {
	file   atomicfile.File
	folder string
}

func (b bench) lock() string { return atomicfile.StagedName(b.file, tag, b.folder, ".lock") }

func (b bench) plan(data []byte) atomicfile.Pending {
	return atomicfile.PlanIn(b.file, data, tag, b.folder)
}

// benches are all where an edit of the file may have left something.
func (e editor) benches(file atomicfile.File) []bench {
	all := []bench{{file, filepath.Dir(file.Real)}}
	if e.req.Private != "" {
		all = append(all, bench{file, e.req.Private})
	}
	return all
}

// leftover reports whether an edit that was killed left its backup.
func (e editor) leftover(file atomicfile.File) bool {
	for _, b := range e.benches(file) {
		if _, err := os.Lstat(b.plan(nil).Backup); err == nil {
			return true
		}
	}
	return false
}

// benchOf is the file's own folder, or the account's where that takes no files: a
// file that this account may write, and whose folder it may not, or that is mounted
// on its own.
func (e editor) benchOf(file atomicfile.File) (bench, error) {
	b := bench{file, filepath.Dir(file.Real)}
	if atomicfile.TakesFiles(b.folder) || e.req.Private == "" {
		return b, nil
	}
	b.folder = e.req.Private
	if err := makePrivate(b.folder); err != nil {
		todo := elevated()
		if errors.Is(err, errNotPrivate) {
			todo += ", or make " + b.folder + " a folder that only this account can get into"
		}
		err = fmt.Errorf("%w, and the folder for that: %w", atomicfile.ErrFolder, err)
		return b, fault.Wrap(fault.NotElevated, err, "this account may not write "+file.Path+" and its folder; nothing was changed", todo)
	}
	return b, nil
}

func elevated() string { return remedy.Here().Elevated("an account that owns the file") }

var errNotPrivate = errors.New("a folder that others can get into, or none")

// makePrivate refuses a folder in which others could have put something, or see
// what is put there.
func makePrivate(folder string) error {
	if err := atomicfile.MakeFolder(folder, 0o700, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return fmt.Errorf("look at the folder: %w", err)
	}
	if !info.IsDir() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s: %w", fault.Path(folder), errNotPrivate)
	}
	return nil
}
