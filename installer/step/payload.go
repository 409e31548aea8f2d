package step

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Payload copies the backend's program files. Where they are there already,
// because another environment of the host uses the same release, WasThere is
// true and nothing is done.
type Payload struct {
	From     string `json:"from"`
	To       string `json:"to"`
	WasThere bool   `json:"wasThere"`
}

// Do copies into a folder beside the target and renames it when all of it is on
// the disk: a release folder that is there is whole.
func (p *Payload) Do(context.Context) error {
	if p.WasThere {
		return nil
	}
	part := p.part()
	if err := os.RemoveAll(part); err != nil {
		return fmt.Errorf("clear an earlier copy: %w", err)
	}
	if err := os.CopyFS(part, os.DirFS(p.From)); err != nil {
		return errors.Join(fmt.Errorf("copy the program files: %w", err), os.RemoveAll(part))
	}
	err := readable(part)
	if err == nil {
		err = atomicfile.FlushTree(part)
	}
	if err == nil {
		err = os.Rename(part, p.To)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy the program files: %w", err), os.RemoveAll(part))
	}
	return atomicfile.FlushNames(p.To)
}

func (p *Payload) part() string {
	return filepath.Join(filepath.Dir(p.To), "."+filepath.Base(p.To)+".part")
}

// readable opens every copied file and folder to the service's account.
func readable(root string) error {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() | 0o444
		if d.IsDir() || mode&0o100 != 0 {
			mode |= 0o111
		}
		return os.Chmod(path, mode) //nolint:gosec // program files are readable by all
	})
	if err != nil {
		return fmt.Errorf("open the program files to the service: %w", err)
	}
	return nil
}

// Undo removes the copy.
func (p *Payload) Undo(context.Context) error {
	if p.WasThere {
		return nil
	}
	err := errors.Join(os.RemoveAll(p.part()), os.RemoveAll(p.To))
	if err == nil {
		err = atomicfile.FlushNames(p.To)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // the folder of the releases need not have been made
		return fmt.Errorf("remove the program files: %w", err)
	}
	return nil
}

// Link makes a symbolic link.
type Link struct {
	Path   string `json:"path"`
	Target string `json:"target"`
}

// Do makes the link.
func (l *Link) Do(context.Context) error {
	if at, err := os.Readlink(l.Path); err == nil && at == l.Target {
		return nil
	}
	if err := os.Symlink(l.Target, l.Path); err != nil {
		return fmt.Errorf("link the release: %w", err)
	}
	return atomicfile.FlushNames(l.Path)
}

// Undo removes the link.
func (l *Link) Undo(context.Context) error {
	if err := atomicfile.Remove(l.Path); err != nil {
		return fmt.Errorf("remove the link: %w", err)
	}
	return nil
}
