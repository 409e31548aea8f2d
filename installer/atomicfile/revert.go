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
	state, err := p.State()
	if err != nil {
		return err
	}
	switch {
	case state == Old:
		return p.flush()
	case state == Other && p.there() && !p.halfWritten():
		return fmt.Errorf("put %q back: %w since it was replaced", p.Path, ErrChanged)
	}
	if err := p.putBack(); err != nil {
		return fmt.Errorf("put %q back: %w", p.Path, err)
	}
	return nil
}

func (p Pending) there() bool {
	_, err := os.Lstat(p.Real)
	return err == nil
}

func (p Pending) putBack() error {
	if _, err := staged(p.Backup, p.OldSHA256); err != nil {
		return err
	}
	if !p.there() {
		if err := os.Rename(p.Backup, p.Real); err != nil {
			return err
		}
		return p.settle(p.OldSHA256)
	}
	now, err := readReal(p.Real, maxBytes)
	if err != nil {
		return err
	}
	if now.ID.Links <= 1 && metadataDiffers(p.Real, p.Backup) == "" {
		err := os.Rename(p.Backup, p.Real)
		if err == nil {
			return p.settle(p.OldSHA256)
		}
		if whyNoRename(err) == "" {
			return err
		}
	}
	if err := p.overwrite(p.Backup, p.OldSHA256); err != nil {
		return err
	}
	err = os.Chtimes(p.Real, p.Old.ModTime, p.Old.ModTime)
	if errors.Is(err, fs.ErrPermission) {
		return nil // who may write a file need not own it, and only the owner sets its time
	}
	return err
}

// halfWritten reports whether the file is what an overwrite leaves that was
// killed or cut off by a power failure: in each place the old byte, the new one
// or a zero. An edit that somebody made since is not, and stays.
func (p Pending) halfWritten() bool {
	now, err := readReal(p.Real, maxBytes)
	if err != nil {
		return false
	}
	data, err := staged(p.Temp, p.NewSHA256)
	if err != nil {
		return false // a rename used it up, and leaves nothing half written
	}
	old, err := staged(p.Backup, p.OldSHA256)
	if err != nil || len(now.Data) < min(len(old), len(data)) || len(now.Data) > max(len(old), len(data)) {
		return false
	}
	for i, c := range now.Data {
		if c != 0 && (i >= len(old) || c != old[i]) && (i >= len(data) || c != data[i]) {
			return false
		}
	}
	return true
}
