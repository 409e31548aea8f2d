package edit

import (
	"errors"
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// replace puts the new content in the file's place.
func (e editor) replace(at bench, data []byte) (atomicfile.Result, error) {
	p := at.plan(data)
	if err := p.Stage(at.file.Data, data); err != nil {
		return atomicfile.Result{}, unwritable(p, err)
	}
	return e.commit(p)
}

// commit takes back what it did where it did something, and nothing that somebody
// else did: a file that was saved or removed meanwhile stays so.
func (e editor) commit(p atomicfile.Pending) (atomicfile.Result, error) {
	result, err := p.Commit()
	switch {
	case err == nil:
		e.warn(p.Clean())
		return result, nil
	case !result.Touched:
		e.warn(p.Discard())
		return result, unwritable(p, err)
	}
	return result, e.takeBack(p, result, err)
}

// takeBack ends a replacement that failed after it had touched the file.
func (e editor) takeBack(p atomicfile.Pending, result atomicfile.Result, err error) error {
	back := p.Revert()
	switch {
	case errors.Is(back, atomicfile.ErrChanged) && result.Way == atomicfile.InPlace:
		return fault.Wrap(fault.RollbackFailed, errors.Join(err, back),
			"somebody changed "+p.Path+" while it was written: it may hold a part of the edit", compare(p))
	case back != nil && !errors.Is(back, atomicfile.ErrChanged):
		return fault.Wrap(fault.RollbackFailed, errors.Join(err, back), "the file could be neither replaced nor put back",
			"the old content is in "+p.Backup+": copy it over "+p.Real)
	}
	e.warn(p.Clean())
	return unwritable(p, err)
}

// compare is the remedy where the backup may hold the only whole content.
func compare(p atomicfile.Pending) string {
	return "compare " + p.Real + " with its old content in " + p.Backup + ", put right what is wrong, and remove " + p.Backup + " and " + p.Temp
}

// finish clears away what an edit left that was killed. A file that it left half
// written gets its old content back.
func (e editor) finish(file atomicfile.File) error {
	for _, b := range e.benches(file) {
		if err := e.finishAt(b); err != nil {
			return err
		}
	}
	return nil
}

func (e editor) finishAt(b bench) error {
	p := b.plan(b.file.Data)
	old, isOld, err := ownOrNone(p.Backup, b.file)
	if err != nil {
		return unfinished(p, err)
	}
	staged, isNew, err := ownOrNone(p.Temp, b.file)
	if err != nil {
		return unfinished(p, err)
	}
	if !isOld && !isNew {
		return nil
	}
	// Two of one content were left by an edit that was killed right after it had
	// replaced the file.
	if isOld && isNew && old.ID.SHA256 != staged.ID.SHA256 {
		p.Old = old.ID
		p.OldSHA256, p.NewSHA256 = old.ID.SHA256, staged.ID.SHA256
		if err := e.putBack(p); err != nil {
			return err
		}
	}
	if err := p.Clean(); err != nil {
		return unwritable(p, err)
	}
	return nil
}

// putBack does nothing where the file is whole.
func (e editor) putBack(p atomicfile.Pending) error {
	state, err := p.State()
	if err == nil && (state == atomicfile.Old || state == atomicfile.New) {
		return nil
	}
	if err := errors.Join(err, p.Revert()); err != nil {
		return fault.Wrap(fault.RollbackFailed, err, "an earlier edit of the file was killed while it wrote, and somebody changed the file since", compare(p))
	}
	e.warn(errors.New("an earlier edit was killed while it wrote; the old content of " + p.Path + " was put back first"))
	return nil
}

// unfinished is a refusal as it is, or a failure to read.
func unfinished(p atomicfile.Pending, err error) error {
	if errors.Is(err, errPlanted) {
		return err
	}
	return unwritable(p, err)
}

func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(fault.NotElevated, err, "this account may not read the file", elevated())
	case errors.Is(err, atomicfile.ErrTooLarge):
		return fault.Wrap(fault.ConfigInvalid, err, "the file is larger than 256 MiB", "name a configuration file")
	case errors.Is(err, atomicfile.ErrChanged):
		return fault.Wrap(fault.Busy, err, "another program is writing the file", "wait until it has ended, then run the same command again")
	}
	return fault.Wrap(fault.Usage, err, "the file cannot be read", "name a regular file: "+path+" is none that can be read")
}

// unwritable tells how the file stands now: it is looked at, not assumed.
func unwritable(p atomicfile.Pending, err error) error {
	state, lookErr := p.State()
	whole := lookErr == nil && state == atomicfile.Old
	what := p.Path + " was left as it is"
	if !whole {
		what = "the edit failed; " + p.Path + " " + state.Says()
	}
	switch {
	case whole && errors.Is(err, fs.ErrPermission) && !errors.Is(err, atomicfile.ErrImmutable):
		return fault.Wrap(fault.NotElevated, err, "this account may not write "+p.Path+" and its folder; nothing was changed", elevated())
	case state == atomicfile.Missing:
		return fault.Wrap(fault.WriteFailed, err, what, "find out who removed or renamed it, put it back, then run the same command again")
	case errors.Is(err, atomicfile.ErrNotKept):
		return fault.Wrap(fault.WriteFailed, err, what,
			"find out what else writes the file or changes what is written on its file system, then run the same command again")
	case errors.Is(err, atomicfile.ErrBackup):
		return fault.Wrap(fault.WriteFailed, err, what, "find out who else writes in "+p.Backup+" or "+p.Temp+", then run the same command again")
	}
	return explain.Write(err, what)
}
