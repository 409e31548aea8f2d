package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// Commit puts the staged content in the file's place and makes sure that
// content, owner, mode and attributes read back. ErrChanged says that the file
// is not the one that was read, and was left alone; ErrInUse that another
// program keeps it. The Result tells, of a failure too, whether anything was
// touched.
func (p Pending) Commit() (Result, error) {
	r := Result{Path: p.Path, Way: Rename}
	if err := p.commit(&r); err != nil {
		return r, fmt.Errorf("replace %s: %w", fault.Path(p.Path), err)
	}
	return r, nil
}

func (p Pending) commit(r *Result) error {
	if err := p.mend(); err != nil {
		return err
	}
	unstaged := staged(p.Temp, p.NewSHA256) // before the look at the file, which is to be fresh
	now, err := look(p.Real)
	if err != nil {
		return err
	}
	if now.SHA256 == p.NewSHA256 && p.NewSHA256 != p.OldSHA256 {
		r.Way = Already
		return p.complete()
	}
	if !p.Old.same(now) || !p.leadsThere() {
		return errChangedSince
	}
	if unstaged != nil {
		return unstaged
	}
	return p.bring(r, content{path: p.Temp, sha256: p.NewSHA256}, now)
}

// errChangedSince is what every look says that finds another file, or another
// content, than the first.
var errChangedSince = fmt.Errorf("%w since it was read", ErrChanged)

// leadsThere reports whether the path still ends where it ended when the file
// was read.
func (p Pending) leadsThere() bool {
	target, err := filepath.EvalSymlinks(p.Path)
	return err == nil && target == p.Real
}

// same compares everything but the number of links, and the metadata where both
// are known.
func (id Identity) same(now Identity) bool {
	unknown := id.Metadata == "" || now.Metadata == ""
	return id.Dev == now.Dev && id.Ino == now.Ino && id.sameFace(now) && id.SHA256 == now.SHA256 &&
		(unknown || id.Metadata == now.Metadata)
}

// sameFace compares what a copy of a file can have, too.
func (id Identity) sameFace(now Identity) bool {
	return id.Size == now.Size && id.ModTime.Equal(now.ModTime) && id.Mode == now.Mode && id.UID == now.UID && id.GID == now.GID
}

// untouched reports whether nothing at all happened to a file between two looks
// of one process, as far as the second, which reads no content, can tell.
func (id Identity) untouched(now Identity) bool {
	return id.Dev == now.Dev && id.Ino == now.Ino && id.sameFace(now) && id.Links == now.Links && id.changed.Equal(now.changed)
}

// content is a staged file, the hash that it was checked against, and the time
// that the real file gets with it; the time of the writing where it is zero.
type content struct {
	path, sha256 string
	at           time.Time
}

// bring puts a staged file in the real one's place: by rename where that loses
// nothing, else in place.
func (p Pending) bring(r *Result, from content, now Identity) error {
	before, err := metadataOf(p.Real)
	if err != nil {
		return err
	}
	if now.Metadata != "" && now.Metadata != before.sum() {
		return errChangedSince
	}
	r.Why = before.wouldLose(from.path)
	if now.Links > 1 {
		r.Why = fmt.Sprintf("the file has %d names (hard links)", now.Links)
	}
	if r.Why == "" {
		r.Touched, err = p.swap(from.path, before, now)
		if err == nil {
			return p.settleSwapped(from, before)
		}
		if r.Why = whyInPlace(err); r.Why == "" || r.Touched {
			return err
		}
	}
	if filepath.Dir(from.path) != filepath.Dir(p.Real) && now.Links == 1 {
		r.Why = "its folder takes no new files; " + r.Why
	}
	r.Way = InPlace
	return p.overwrite(r, from, sight{now, before})
}

// still fails where the file is not the one that was looked at. It is asked
// right before every way of replacing, and does not read the content again.
func (p Pending) still(seen Identity) error {
	now, err := glance(p.Real)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || !seen.untouched(now) {
		return errChangedSince
	}
	return nil
}

// settleSwapped also removes what an exchange left under the staged name, once
// the exchange is on the disk. Clean does it again, and tells.
func (p Pending) settleSwapped(from content, before metadata) error {
	if err := p.settle(from, before); err != nil {
		return err
	}
	_ = removeIfThere(from.path)
	return nil
}

// settle makes sure that a replacement is on the disk and did what it should.
func (p Pending) settle(want content, before metadata) error {
	if err := p.settleContent(want.sha256); err != nil {
		return err
	}
	return before.kept(p.Real)
}

func (p Pending) settleContent(want string) error {
	if err := syncFolder(filepath.Dir(p.Real)); err != nil {
		return err
	}
	now, err := look(p.Real)
	if err != nil || now.SHA256 != want {
		return errors.Join(fmt.Errorf("%w: the content", ErrNotKept), err)
	}
	return nil
}

// complete is for a file that has its new content already: a run that was killed
// right after it wrote may have left the rest.
func (p Pending) complete() error {
	if like, err := metadataOf(p.Backup); err == nil && like.sum() == p.Old.Metadata {
		if err := p.redressReal(like); err != nil {
			return err
		}
	}
	return p.flush()
}

// redressReal gives the file back what writing it took.
func (p Pending) redressReal(like metadata) error {
	file, _, err := openRegular(p.Real)
	if err != nil {
		return err
	}
	return errors.Join(redress(file, like), file.Close())
}

// flush puts on the disk what a run that was killed may have left in memory.
func (p Pending) flush() error {
	err := syncFile(p.Real)
	if err == nil {
		err = syncFolder(filepath.Dir(p.Real))
	}
	return err
}
