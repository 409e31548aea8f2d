package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	beside := filepath.Join(folder, hidden(filepath.Base(f.Real), tag, ".new"))
	return Pending{
		Path: f.Path, Real: f.Real, Temp: beside + ".new", Backup: beside + ".old",
		OldSHA256: f.ID.SHA256, NewSHA256: hash(data), Old: f.ID,
	}
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

// displaced is where Windows puts the file that was replaced.
func (p Pending) displaced() string { return strings.TrimSuffix(p.Temp, ".new") + ".was" }

// Stage writes the backup and the new content, each with the file's own owner,
// mode and attributes from before its first byte. ErrFolder says that the
// folder takes no new files, or would not let them go; ErrManaged that somebody
// else writes the file; ErrImmutable and ErrReadOnly that it may not be
// written. The backup also has the file's modification time. Whatever fails
// leaves nothing behind.
func (p Pending) Stage(old, data []byte) error {
	if err := p.stageable(old, data); err != nil {
		return fmt.Errorf("stage %q: %w", p.Path, err)
	}
	like, err := metadataOf(p.Real)
	if err == nil {
		err = p.writeBeside(p.Backup, old, like)
	}
	if err == nil {
		// A rename then brings it back together with the content.
		err = os.Chtimes(p.Backup, p.Old.ModTime, p.Old.ModTime)
	}
	if err == nil {
		err = p.writeBeside(p.Temp, data, like)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(p.Temp))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("stage %q: %w", p.Path, err), p.Clean())
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
func (p Pending) writeBeside(path string, data []byte, like metadata) error {
	if err := removeIfThere(path); err != nil { // left by an earlier attempt of the same run
		return folderError(err)
	}
	file, err := createLike(path, p.Real)
	if err != nil {
		return folderError(err)
	}
	_ = p.dress(file, like) // the comparison in Commit tells
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// staged makes sure that a staged file holds what was staged.
func staged(path, want string) error {
	id, err := look(path)
	if err != nil || id.SHA256 != want {
		return errors.Join(fmt.Errorf("%q: %w", path, ErrBackup), err)
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
	now, err := look(p.Real)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Missing, nil
	case err != nil:
		return Other, fmt.Errorf("look at %q: %w", p.Path, err)
	case now.SHA256 == p.OldSHA256:
		return Old, nil
	case now.SHA256 == p.NewSHA256:
		return New, nil
	case p.halfWritten():
		return Torn, nil
	}
	return Other, nil
}

// Clean removes the staged files. ErrTorn says that the file is half written
// and that its backup was kept for Revert.
func (p Pending) Clean() error {
	if err := p.mend(); err != nil {
		return fmt.Errorf("clear what was staged for %q: %w", p.Path, err)
	}
	if p.halfWritten() {
		return fmt.Errorf("clear what was staged for %q: %w", p.Path, ErrTorn)
	}
	if err := errors.Join(removeIfThere(p.Temp), removeIfThere(p.Backup), removeIfThere(p.displaced())); err != nil {
		return fmt.Errorf("clear what was staged for %q: %w", p.Path, err)
	}
	err := syncFolder(filepath.Dir(p.Temp))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the folder went, and took them along
	}
	return err
}
