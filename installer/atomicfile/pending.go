package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxBytes bounds what is read again of files that were read before.
const maxBytes = 1 << 30

// Plan plans to replace a file's content. It touches nothing. The names of the
// staged files follow from the tag, which is letters and digits.
func Plan(f File, data []byte, tag string) Pending {
	return PlanIn(f, data, tag, filepath.Dir(f.Real))
}

// PlanIn is Plan with another folder for the staged files: for a file in a
// folder where nothing can be created.
func PlanIn(f File, data []byte, tag, folder string) Pending {
	beside := filepath.Join(folder, "."+filepath.Base(f.Real)+"."+tag)
	return Pending{
		Path: f.Path, Real: f.Real, Temp: beside + ".new", Backup: beside + ".old",
		OldSHA256: f.ID.SHA256, NewSHA256: hash(data), Old: f.ID,
	}
}

// Stage writes the backup and the new content, each with the file's own owner,
// mode and attributes from before its first byte. ErrFolder says that the
// folder takes no new files; ErrManaged that somebody else writes the file;
// ErrImmutable that nobody can. The backup also has the file's modification time.
// Whatever fails leaves nothing behind.
func (p Pending) Stage(old, data []byte) error {
	if managed(p.Real) {
		return fmt.Errorf("stage %q: %w", p.Path, ErrManaged)
	}
	if immutable(p.Real) {
		return fmt.Errorf("stage %q: %w", p.Path, ErrImmutable)
	}
	if hash(old) != p.OldSHA256 || hash(data) != p.NewSHA256 {
		return fmt.Errorf("stage %q: other content than was planned", p.Path)
	}
	err := p.writeBeside(p.Backup, old)
	if err == nil {
		// A rename then brings it back together with the content.
		err = os.Chtimes(p.Backup, p.Old.ModTime, p.Old.ModTime)
	}
	if err == nil {
		err = p.writeBeside(p.Temp, data)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(p.Temp))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("stage %q: %w", p.Path, err), p.Clean())
	}
	return nil
}

// managed recognises the volumes of Kubernetes: the kubelet replaces the whole
// folder behind the link "..data".
func managed(target string) bool {
	folder := filepath.Dir(target)
	_, err := os.Lstat(filepath.Join(filepath.Dir(folder), "..data"))
	return err == nil && strings.HasPrefix(filepath.Base(folder), "..")
}

// writeBeside writes a file like p.Real. Where owner or attributes cannot be
// copied the file stays closed to everybody else, and Commit finds out.
func (p Pending) writeBeside(path string, data []byte) error {
	if err := removeIfThere(path); err != nil { // left by an earlier attempt of the same run
		return folderError(err)
	}
	file, err := openFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return folderError(err)
	}
	_ = copyMetadata(p.Real, file, p.Old) // the comparison in Commit tells
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// Commit puts the staged content in the file's place. ErrChanged says that the
// file is not the one that was read, and was left alone.
func (p Pending) Commit() (Result, error) {
	r := Result{Path: p.Path, Way: Rename}
	now, err := readReal(p.Real, maxBytes)
	if err != nil {
		return r, fmt.Errorf("replace %q: %w", p.Path, err)
	}
	if now.ID.SHA256 == p.NewSHA256 && p.NewSHA256 != p.OldSHA256 {
		r.Way = Already
		return r, p.flush()
	}
	if !p.Old.same(now.ID) {
		return r, fmt.Errorf("replace %q: %w since it was read", p.Path, ErrChanged)
	}
	if _, err := staged(p.Temp, p.NewSHA256); err != nil {
		return r, fmt.Errorf("replace %q: %w", p.Path, err)
	}
	if r.Why = p.notByRename(now.ID); r.Why == "" {
		err := os.Rename(p.Temp, p.Real)
		if err == nil {
			return r, p.settle(p.NewSHA256)
		}
		if r.Why = whyNoRename(err); r.Why == "" {
			return r, fmt.Errorf("replace %q: %w", p.Path, err)
		}
	}
	r.Way = InPlace
	return r, p.overwrite(p.Temp, p.NewSHA256)
}

// same compares everything but the number of links.
func (id Identity) same(now Identity) bool {
	return id.Dev == now.Dev && id.Ino == now.Ino && id.Size == now.Size && id.SHA256 == now.SHA256 &&
		id.ModTime.Equal(now.ModTime) && id.Mode == now.Mode && id.UID == now.UID && id.GID == now.GID
}

// notByRename says what a rename would lose; "" when nothing.
func (p Pending) notByRename(now Identity) string {
	if now.Links > 1 {
		return fmt.Sprintf("the file has %d names (hard links)", now.Links)
	}
	return metadataDiffers(p.Real, p.Temp)
}

// settle makes sure that a rename is on the disk and did what it should.
func (p Pending) settle(want string) error {
	if err := syncFolder(filepath.Dir(p.Real)); err != nil {
		return fmt.Errorf("replace %q: %w", p.Path, err)
	}
	return p.readBack(want)
}

func (p Pending) readBack(want string) error {
	if now, err := readReal(p.Real, maxBytes); err != nil || now.ID.SHA256 != want {
		return errors.Join(fmt.Errorf("replace %q: what was written does not read back", p.Path), err)
	}
	return nil
}

// flush puts on the disk what a run that was killed may have left in memory.
func (p Pending) flush() error {
	err := syncFile(p.Real)
	if err == nil {
		err = syncFolder(filepath.Dir(p.Real))
	}
	if err != nil {
		return fmt.Errorf("replace %q: %w", p.Path, err)
	}
	return nil
}

// overwrite writes a staged content over the file's own, and the old one back
// when that fails. The backup is on the disk before.
func (p Pending) overwrite(from, want string) error {
	data, err := staged(from, want)
	if err != nil {
		return fmt.Errorf("replace %q: %w", p.Path, err)
	}
	old, err := staged(p.Backup, p.OldSHA256)
	if err != nil {
		return fmt.Errorf("replace %q: %w", p.Path, err)
	}
	file, err := openFile(p.Real, os.O_WRONLY)
	if err != nil {
		return fmt.Errorf("replace %q in place: %w", p.Path, err)
	}
	err = writeOver(file, data)
	if err != nil {
		err = errors.Join(err, writeOver(file, old))
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("replace %q in place: %w", p.Path, err)
	}
	return p.readBack(want)
}

// staged reads a staged file that holds what was staged.
func staged(path, want string) ([]byte, error) {
	f, err := readReal(path, maxBytes)
	if err != nil || f.ID.SHA256 != want {
		return nil, errors.Join(fmt.Errorf("%q: %w", path, ErrBackup), err)
	}
	return f.Data, nil
}

func writeOver(file *os.File, data []byte) error {
	if _, err := file.WriteAt(data, 0); err != nil {
		return err
	}
	return errors.Join(file.Truncate(int64(len(data))), file.Sync())
}

// Clean removes the staged files.
func (p Pending) Clean() error {
	if err := errors.Join(removeIfThere(p.Temp), removeIfThere(p.Backup)); err != nil {
		return fmt.Errorf("clear what was staged for %q: %w", p.Path, err)
	}
	err := syncFolder(filepath.Dir(p.Temp))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the folder went, and took them along
	}
	return err
}

// State tells which content the file has now.
func (p Pending) State() (State, error) {
	now, err := readReal(p.Real, maxBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Other, nil
	case err != nil:
		return Other, fmt.Errorf("look at %q: %w", p.Path, err)
	case now.ID.SHA256 == p.OldSHA256:
		return Old, nil
	case now.ID.SHA256 == p.NewSHA256:
		return New, nil
	}
	return Other, nil
}
