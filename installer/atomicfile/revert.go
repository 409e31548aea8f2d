package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Revert puts the old content and metadata back, and the modification time
// where this account owns the file. It does nothing where they are there, and
// refuses with ErrChanged where somebody else changed the file after it was
// replaced.
func (p Pending) Revert() error {
	if err := p.revert(); err != nil {
		return fmt.Errorf("put %q back: %w", p.Path, err)
	}
	return nil
}

func (p Pending) revert() error {
	if err := p.mend(); err != nil {
		return err
	}
	state, err := p.State()
	if err != nil {
		return err
	}
	switch state {
	case Old:
		return p.flush()
	case Other:
		return fmt.Errorf("%w since it was replaced", ErrChanged)
	case New, Torn, Missing:
	}
	return p.putBack()
}

func (p Pending) putBack() error {
	if err := staged(p.Backup, p.OldSHA256); err != nil {
		return err
	}
	if !there(p.Real) {
		if err := os.Rename(p.Backup, p.Real); err != nil {
			return err
		}
		return p.settleContent(p.OldSHA256)
	}
	now, err := look(p.Real)
	if err != nil {
		return err
	}
	way, _, err := p.bring(content{p.Backup, p.OldSHA256}, now)
	if err != nil || way == Rename {
		return err // the backup has the time already
	}
	err = os.Chtimes(p.Real, p.Old.ModTime, p.Old.ModTime)
	if errors.Is(err, fs.ErrPermission) {
		return nil // who may write a file need not own it, and only the owner sets its time
	}
	return err
}

// syncFile flushes a file of another process.
func syncFile(path string) error {
	file, err := openFile(path, os.O_RDONLY)
	if err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	if err := errors.Join(flushOpen(file), file.Close()); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}
