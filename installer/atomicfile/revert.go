package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// Revert puts the old content and metadata back, and the modification time
// where this account owns the file. It does nothing where they are there, and
// refuses with ErrChanged where somebody else changed the file after it was
// replaced.
func (p Pending) Revert() error {
	if err := p.revert(); err != nil {
		return fmt.Errorf("put %s back: %w", fault.Path(p.Path), err)
	}
	return nil
}

func (p Pending) revert() error {
	if err := p.mend(); err != nil {
		return err
	}
	state, now, err := p.standing()
	if err != nil {
		return err
	}
	switch state {
	case Old:
		p.giveTimeBack(now)
		return p.flush()
	case Other:
		return fmt.Errorf("%w since it was replaced", ErrChanged)
	case New, Torn, Missing:
	}
	if err := staged(p.Backup, p.OldSHA256); err != nil {
		return err
	}
	if state == Missing {
		return p.putBackMissing()
	}
	return p.putBack(now)
}

// giveTimeBack is for a file whose old content was written over the new one by a run
// that ended before it had set the time. Where that cannot be done, the content is
// what counts.
func (p Pending) giveTimeBack(now Identity) {
	if now.ModTime.Equal(p.Old.ModTime) {
		return
	}
	if file, err := p.openToWrite(); err == nil {
		_ = errors.Join(retime(file, p.Old.ModTime), file.Close())
	}
}

// putBackMissing takes nothing from who gives the name to another file first.
func (p Pending) putBackMissing() error {
	err := moveNew(p.Backup, p.Real)
	if errors.Is(err, fs.ErrExist) {
		return errors.Join(fmt.Errorf("%w since it was replaced", ErrChanged), err)
	}
	if err != nil {
		return err
	}
	return p.settleContent(p.OldSHA256)
}

// putBack replaces the file that was looked at, and no other.
func (p Pending) putBack(now Identity) error {
	return p.bring(&Result{}, content{p.Backup, p.OldSHA256, p.Old.ModTime}, now)
}
