package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"os"
)

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
