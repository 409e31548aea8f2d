package edit

import (
	"errors"
	"io/fs"
	"os"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
)

// tag names what is staged: the same for every edit, so that one finds what
// another that was killed has left.
const tag = "edit"

// lock keeps two edits of one file apart.
func (e editor) lock(file atomicfile.File) (*journal.Lock, error) {
	path := lockPath(file)
	if _, _, err := ownOrNone(path, file); err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, err // one that may not be read is told of by the attempt to take it
	}
	lock, err := journal.Acquire(path, journal.Holder{PID: os.Getpid(), Run: e.deps.RunID, Since: e.deps.Now()})
	var busy *journal.BusyError
	switch {
	case err == nil:
		return lock, nil
	case errors.As(err, &busy):
		return nil, fault.Wrap(fault.Busy, err, "another edit of "+file.Path+" runs", "wait until it has ended, then run the same command again")
	}
	return nil, unwritable(file.Path, err)
}

// leftover reports whether an edit that was killed left its backup.
func leftover(file atomicfile.File) bool {
	_, err := os.Lstat(atomicfile.Plan(file, nil, tag).Backup)
	return err == nil
}

// replace puts the new content in the file's place.
func (e editor) replace(file atomicfile.File, data []byte) (atomicfile.Result, error) {
	p := atomicfile.Plan(file, data, tag)
	if err := p.Stage(file.Data, data); err != nil {
		return atomicfile.Result{}, unwritable(file.Path, err)
	}
	result, err := p.Commit()
	if err == nil {
		e.warn(p.Clean())
		return result, nil
	}
	if back := p.Revert(); back != nil && !errors.Is(back, atomicfile.ErrChanged) {
		return result, fault.Wrap(fault.RollbackFailed, errors.Join(err, back), "the file could be neither replaced nor put back",
			"the old content is in "+p.Backup+": copy it over "+p.Real)
	}
	e.warn(p.Clean())
	return result, unwritable(file.Path, err)
}

// finish clears away what an edit left that was killed. A file that it left half
// written gets its old content back.
func (e editor) finish(file atomicfile.File) error {
	p := atomicfile.Plan(file, nil, tag)
	old, isOld, err := ownOrNone(p.Backup, file)
	if err != nil {
		return unfinished(file.Path, err)
	}
	staged, isNew, err := ownOrNone(p.Temp, file)
	if err != nil {
		return unfinished(file.Path, err)
	}
	if isOld && isNew {
		p.Old = old.ID
		p.OldSHA256, p.NewSHA256 = old.ID.SHA256, staged.ID.SHA256
		if err := e.putBack(p); err != nil {
			return err
		}
	}
	return unwritable(file.Path, p.Clean())
}

// putBack does nothing where the file is whole.
func (e editor) putBack(p atomicfile.Pending) error {
	state, err := p.State()
	if err == nil && (state == atomicfile.Old || state == atomicfile.New) {
		return nil
	}
	if err := errors.Join(err, p.Revert()); err != nil {
		return fault.Wrap(fault.RollbackFailed, err, "an earlier edit of the file was killed while it wrote, and somebody changed the file since",
			"compare "+p.Real+" with its old content in "+p.Backup+", put right what is wrong, and remove "+p.Backup+" and "+p.Temp)
	}
	e.warn(errors.New("an earlier edit was killed while it wrote; the old content of " + p.Path + " was put back first"))
	return nil
}

// unfinished is a refusal as it is, or a failure to read.
func unfinished(path string, err error) error {
	if errors.Is(err, errPlanted) {
		return err
	}
	return unwritable(path, err)
}

func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(fault.NotElevated, err, "this account may not read the file", "run it with sudo, or as an account that owns the file")
	case errors.Is(err, atomicfile.ErrTooLarge):
		return fault.Wrap(fault.ConfigInvalid, err, "the file is larger than 256 MiB", "name a configuration file")
	}
	return fault.Wrap(fault.Usage, err, "the file cannot be read", "name a regular file: "+path+" is none that can be read")
}

func unwritable(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission) && !errors.Is(err, atomicfile.ErrImmutable):
		return fault.Wrap(fault.NotElevated, err, "this account may not write "+path+" and its folder; nothing was changed",
			"run it with sudo, or as an account that owns the file")
	}
	return explain.Write(err, path+" was left as it is")
}
