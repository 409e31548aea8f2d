package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// chunkBytes is how much of a file is held at a time.
const chunkBytes = 128 << 10

// overwrite writes a staged content over the file's own, and the old one back
// when that fails. The backup is on the disk before, and the file's space is
// taken before its first byte changes.
func (p Pending) overwrite(from content, before metadata, seen Identity) error {
	if err := errors.Join(staged(p.Backup, p.OldSHA256), staged(from.path, from.sha256)); err != nil {
		return err
	}
	file, err := p.openToWrite()
	if err != nil {
		return fmt.Errorf("in place: %w", err)
	}
	err = p.still(seen)
	if err == nil {
		err = p.writeOver(file, from.path)
	}
	if err == nil {
		err = redress(file, before)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("in place: %w", err)
	}
	return p.settle(from, before)
}

// writeOver writes nothing where the disk has no place for the whole.
func (p Pending) writeOver(file *os.File, from string) error {
	source, info, err := openRegular(from)
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // read-only
	if err := reserve(file, info.Size()); err != nil {
		return err
	}
	if err := pour(file, source); err != nil {
		return errors.Join(err, p.pourBack(file))
	}
	return nil
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

// halfWritten reports whether the file is what an overwrite leaves that was
// killed or cut off by a power failure: in each place the old byte, the new one
// or a zero. An edit that somebody made since is not, and stays.
func (p Pending) halfWritten() bool {
	if !there(p.Temp) || !there(p.Backup) {
		return false // a rename used it up, and leaves nothing half written
	}
	now, err := look(p.Real)
	if err != nil || now.SHA256 == p.OldSHA256 || now.SHA256 == p.NewSHA256 {
		return false
	}
	if errors.Join(staged(p.Temp, p.NewSHA256), staged(p.Backup, p.OldSHA256)) != nil {
		return false
	}
	mixed, err := isMixture(p.Real, p.Backup, p.Temp)
	return mixed && err == nil
}

// isMixture compares three files, a chunk at a time.
func isMixture(path, old, fresh string) (bool, error) {
	var files [3]*os.File
	var sizes [3]int64
	for i, name := range []string{path, old, fresh} {
		file, info, err := openRegular(name)
		if err != nil {
			return false, err
		}
		defer file.Close() //nolint:errcheck // read-only
		files[i], sizes[i] = file, info.Size()
	}
	if sizes[0] < min(sizes[1], sizes[2]) || sizes[0] > max(sizes[1], sizes[2]) {
		return false, nil
	}
	var buffers [3][]byte
	for i := range buffers {
		buffers[i] = make([]byte, chunkBytes)
	}
	for {
		var chunk [3][]byte
		for i, file := range files {
			n, err := io.ReadFull(file, buffers[i])
			if err != nil && !ended(err) {
				return false, err
			}
			chunk[i] = buffers[i][:n]
		}
		if len(chunk[0]) == 0 {
			return true, nil
		}
		if !mixed(chunk[0], chunk[1], chunk[2]) {
			return false, nil
		}
	}
}

// mixed reports whether each byte is the old one, the new one or zero.
func mixed(now, old, fresh []byte) bool {
	if bytes.Equal(now, old) || bytes.Equal(now, fresh) {
		return true
	}
	for i, c := range now {
		if c != 0 && (i >= len(old) || c != old[i]) && (i >= len(fresh) || c != fresh[i]) {
			return false
		}
	}
	return true
}
