package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// chunkBytes is how much of a file is held at a time.
const chunkBytes = 128 << 10

// sight is a file as it was looked at right before it is replaced.
type sight struct {
	id   Identity
	like metadata
}

// overwrite writes a staged content over the file's own, and the old one back
// when that fails. The backup is on the disk before, and the file's space is
// taken before its first byte changes.
func (p Pending) overwrite(r *Result, from content, seen sight) error {
	if err := errors.Join(staged(p.Backup, p.OldSHA256), staged(from.path, from.sha256)); err != nil {
		return err
	}
	file, err := p.openToWrite()
	if err != nil {
		return fmt.Errorf("in place: %w", err)
	}
	err = p.writeThrough(r, file, from, seen)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("in place: %w", err)
	}
	return p.settle(from, seen.like)
}

// writeThrough writes through an open file, once it has made sure that it is the
// one that was looked at: the name may have led elsewhere when it was opened.
func (p Pending) writeThrough(r *Result, file *os.File, from content, seen sight) error {
	lone, err := p.opened(file, seen.id)
	if err == nil {
		err = redressable(file, seen.like)
	}
	if err != nil {
		return err
	}
	if lone {
		r.Why += "; on this overlay its other names keep the old content"
	}
	r.Touched, err = p.writeOver(file, from.path)
	if !r.Touched {
		return err
	}
	return errors.Join(err, redress(file, seen.like), retime(file, from.at), file.Sync())
}

// retime is for who owns the file: who may write it need not, and only the owner
// sets its time.
func retime(file *os.File, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	if err := setTime(file, at); err != nil && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

// opened fails where an open file, or the one that the name leads to, is not the
// one that was seen. An overlay makes a new file of one from a layer that is only
// read as soon as it is opened to be written: lone says that its other names do
// not follow.
func (p Pending) opened(file *os.File, seen Identity) (lone bool, err error) {
	now, err := identifyOpen(file)
	if err != nil {
		return false, err
	}
	if seen.untouched(now) {
		return false, p.still(seen)
	}
	if !onOverlay(file) || !seen.sameFace(now) {
		return false, errChangedSince
	}
	named, err := look(p.Real)
	if err != nil || !now.untouched(named) || named.SHA256 != seen.SHA256 {
		return false, errors.Join(errChangedSince, err)
	}
	return seen.Links > 1, nil
}

// writeOver writes nothing where the disk has no place for the whole.
func (p Pending) writeOver(file *os.File, from string) (touched bool, err error) {
	source, info, err := openRegular(from)
	if err != nil {
		return false, err
	}
	defer source.Close() //nolint:errcheck // read-only
	if err := reserve(file, info.Size()); err != nil {
		return false, err
	}
	if err := pour(file, source); err != nil {
		return true, errors.Join(err, p.pourBack(file))
	}
	return true, nil
}

func (p Pending) pourBack(file *os.File) error {
	backup, _, err := openRegular(p.Backup)
	if err != nil {
		return err
	}
	return errors.Join(pour(file, backup), backup.Close())
}

// pour makes a file's content that of another, from its start, and flushes it.
func pour(to, from *os.File) error {
	buffer := make([]byte, chunkBytes)
	var at int64
	for {
		n, err := io.ReadFull(from, buffer)
		if _, err := to.WriteAt(buffer[:n], at); err != nil {
			return err
		}
		at += int64(n)
		if ended(err) {
			break
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(to.Truncate(at), to.Sync())
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
