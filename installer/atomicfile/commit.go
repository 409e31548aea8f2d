package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Commit puts the staged content in the file's place and makes sure that
// content, owner, mode and attributes read back. ErrChanged says that the file
// is not the one that was read, and was left alone; ErrInUse that another
// program keeps it.
func (p Pending) Commit() (Result, error) {
	r := Result{Path: p.Path, Way: Rename}
	var err error
	if r.Way, r.Why, err = p.commit(); err != nil {
		return r, fmt.Errorf("replace %q: %w", p.Path, err)
	}
	return r, nil
}

func (p Pending) commit() (Way, string, error) {
	if err := p.mend(); err != nil {
		return Rename, "", err
	}
	now, err := look(p.Real)
	if err != nil {
		return Rename, "", err
	}
	if now.SHA256 == p.NewSHA256 && p.NewSHA256 != p.OldSHA256 {
		return Already, "", p.flush()
	}
	if !p.Old.same(now) || !p.leadsThere() {
		return Rename, "", fmt.Errorf("%w since it was read", ErrChanged)
	}
	if err := staged(p.Temp, p.NewSHA256); err != nil {
		return Rename, "", err
	}
	return p.bring(content{p.Temp, p.NewSHA256}, now)
}

// leadsThere reports whether the path still ends where it ended when the file
// was read.
func (p Pending) leadsThere() bool {
	target, err := filepath.EvalSymlinks(p.Path)
	return err == nil && target == p.Real
}

// same compares everything but the number of links.
func (id Identity) same(now Identity) bool {
	return id.Dev == now.Dev && id.Ino == now.Ino && id.Size == now.Size && id.SHA256 == now.SHA256 &&
		id.ModTime.Equal(now.ModTime) && id.Mode == now.Mode && id.UID == now.UID && id.GID == now.GID
}

// content is a staged file and the hash that it was checked against.
type content struct{ path, sha256 string }

// bring puts a staged file in the real one's place: by rename where that loses
// nothing, else in place.
func (p Pending) bring(from content, now Identity) (Way, string, error) {
	before, err := metadataOf(p.Real)
	if err != nil {
		return Rename, "", err
	}
	why := before.wouldLose(from.path)
	if now.Links > 1 {
		why = fmt.Sprintf("the file has %d names (hard links)", now.Links)
	}
	if why == "" {
		err := p.swap(from.path, before, now)
		if err == nil {
			return Rename, "", p.settle(from, before)
		}
		if why = whyInPlace(err); why == "" {
			return Rename, "", err
		}
	}
	return InPlace, why, p.overwrite(from, before, now)
}

// still fails where the file is not the one that was looked at. It is asked
// right before every way of replacing, and does not read the content again.
func (p Pending) still(seen Identity) error {
	now, err := glance(p.Real)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	now.SHA256 = seen.SHA256
	if err != nil || !seen.same(now) || now.Links != seen.Links {
		return fmt.Errorf("%w since it was read", ErrChanged)
	}
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

// flush puts on the disk what a run that was killed may have left in memory.
func (p Pending) flush() error {
	err := syncFile(p.Real)
	if err == nil {
		err = syncFolder(filepath.Dir(p.Real))
	}
	return err
}

// mend brings a file back that Windows had put aside when the run was killed.
func (p Pending) mend() error {
	if there(p.Real) || !there(p.displaced()) {
		return nil
	}
	if err := os.Rename(p.displaced(), p.Real); err != nil {
		return fmt.Errorf("bring back what stands as %q: %w", p.displaced(), err)
	}
	return syncFolder(filepath.Dir(p.Real))
}
