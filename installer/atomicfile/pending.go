package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// maxNameBytes is what every file system here allows for one name.
const maxNameBytes = 255

// Plan plans to replace a file's content. It touches nothing. The names of the
// staged files follow from the tag, which is letters, digits and dots.
func Plan(f File, data []byte, tag string) Pending {
	return PlanIn(f, data, tag, filepath.Dir(f.Real))
}

// PlanIn is Plan with another folder for the staged files: for a file in a
// folder where nothing can be created.
func PlanIn(f File, data []byte, tag, folder string) Pending {
	return Pending{
		Path: f.Path, Real: f.Real, Temp: StagedName(f, tag, folder, ".new"), Backup: StagedName(f, tag, folder, ".old"),
		OldSHA256: f.ID.SHA256, NewSHA256: hash(data), Old: f.ID,
	}
}

// StagedName is a path in a folder for something that belongs to a file and to a
// tag. Two files have two, also in a folder that is not their own.
func StagedName(f File, tag, folder, suffix string) string {
	base := filepath.Base(f.Real)
	if folder != filepath.Dir(f.Real) {
		base += "." + hash([]byte(f.Real))[:16]
	}
	return filepath.Join(folder, hidden(base, tag, suffix)+suffix)
}

// hidden is the start of a name beside a file. A name that leaves no place for
// a suffix is hashed.
func hidden(base, tag, suffix string) string {
	name := "." + base + "." + tag
	if len(name)+len(suffix) > maxNameBytes {
		name = "." + hash([]byte(base))[:24] + "." + tag
	}
	return name
}

// Stage writes the backup and the new content, each with the file's own owner,
// mode and attributes from before its first byte. ErrFolder says that the
// folder takes no new files, or would not let them go; ErrManaged that somebody
// else writes the file; ErrImmutable and ErrReadOnly that it may not be
// written. The backup also has the file's modification time. Whatever fails
// leaves nothing behind.
func (p Pending) Stage(old, data []byte) error {
	if err := p.stageable(old, data); err != nil {
		return fmt.Errorf("stage %s: %w", fault.Path(p.Path), err)
	}
	like, err := metadataOf(p.Real)
	if err == nil {
		// A rename then brings the time back together with the content.
		err = p.writeBeside(p.Backup, old, like, p.Old.ModTime)
	}
	if err == nil {
		err = p.writeBeside(p.Temp, data, like, time.Time{})
	}
	if err == nil {
		err = syncFolder(filepath.Dir(p.Temp))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("stage %s: %w", fault.Path(p.Path), err), p.Clean())
	}
	return nil
}

func (p Pending) stageable(old, data []byte) error {
	if managed(p.Real) {
		return ErrManaged
	}
	if err := unwritable(p.Real); err != nil {
		return err
	}
	if err := unwritable(filepath.Dir(p.Temp)); err != nil {
		return errors.Join(ErrFolder, err)
	}
	if hash(old) != p.OldSHA256 || hash(data) != p.NewSHA256 {
		return errors.New("other content than was planned")
	}
	return nil
}

// managed recognises the volumes of Kubernetes: the kubelet replaces the whole
// folder behind the link "..data".
func managed(target string) bool {
	folder := filepath.Dir(target)
	return there(filepath.Join(filepath.Dir(folder), "..data")) && strings.HasPrefix(filepath.Base(folder), "..")
}

// writeBeside writes a file like p.Real. Where owner or attributes cannot be
// copied the file stays closed to everybody else, and Commit finds out.
func (p Pending) writeBeside(path string, data []byte, like metadata, at time.Time) error {
	if err := removeIfThere(path); err != nil { // left by an earlier attempt of the same run
		return folderError(err)
	}
	file, err := createLike(path, p.Real)
	if err != nil {
		return folderError(err)
	}
	_ = p.dress(file, like) // the comparison in Commit tells
	_, err = file.Write(data)
	_ = redress(file, like) // likewise: an account without rights loses set-ID bits by writing
	if err == nil && !at.IsZero() {
		err = setTime(file, at)
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// staged makes sure that a staged file holds what was staged.
func staged(path, want string) error {
	id, err := look(path)
	if err != nil || id.SHA256 != want {
		return errors.Join(fmt.Errorf("%s: %w", fault.Path(path), ErrBackup), err)
	}
	return nil
}

// Says is what a file of this state is, for people: "holds the old content".
func (s State) Says() string {
	switch s {
	case Old, New:
		return "holds the " + string(s) + " content"
	case Torn:
		return "is half written"
	case Missing:
		return "is not there"
	case Other:
	}
	return "holds neither the old nor the new content"
}

// State tells which content the file has now.
func (p Pending) State() (State, error) {
	state, _, err := p.standing()
	return state, err
}

// standing also tells which file that was.
func (p Pending) standing() (State, Identity, error) {
	now, err := look(p.Real)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Missing, now, nil
	case err != nil:
		return Other, now, fmt.Errorf("look at %s: %w", fault.Path(p.Path), err)
	case now.SHA256 == p.OldSHA256:
		return Old, now, nil
	case now.SHA256 == p.NewSHA256:
		return New, now, nil
	case p.halfWritten():
		return Torn, now, nil
	}
	return Other, now, nil
}

// Clean removes the staged files. ErrTorn says that the file is half written
// and that its backup was kept for Revert.
func (p Pending) Clean() error {
	if err := p.mend(); err != nil {
		return fmt.Errorf("clear what was staged for %s: %w", fault.Path(p.Path), err)
	}
	if p.halfWritten() {
		return fmt.Errorf("clear what was staged for %s: %w", fault.Path(p.Path), ErrTorn)
	}
	if err := p.removeStaged(); err != nil {
		return fmt.Errorf("clear what was staged for %s: %w", fault.Path(p.Path), err)
	}
	err := syncFolder(filepath.Dir(p.Temp))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the folder went, and took them along
	}
	return err
}

// Discard is Clean after a Commit that touched nothing: whatever the file holds,
// somebody else wrote it.
func (p Pending) Discard() error {
	if err := p.removeStaged(); err != nil {
		return fmt.Errorf("clear what was staged for %s: %w", fault.Path(p.Path), err)
	}
	return syncFolder(filepath.Dir(p.Temp))
}

func (p Pending) removeStaged() error {
	var err error
	for _, path := range p.besides() {
		err = errors.Join(err, removeIfThere(path))
	}
	return err
}
