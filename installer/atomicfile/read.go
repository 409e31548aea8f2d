package atomicfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Read reads the regular file that a path leads to, at most most bytes. What is
// not a regular file is not opened.
func Read(path string, most int64) (File, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return File{}, fmt.Errorf("read %q: %w", path, err)
	}
	target, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return File{}, fmt.Errorf("read: %w", err)
	}
	f, err := readReal(target, most)
	f.Path = absolute
	return f, err
}

// readReal reads a path whose last part is no symbolic link.
func readReal(target string, most int64) (File, error) {
	f := File{Path: target, Real: target}
	info, err := os.Lstat(target)
	if err != nil {
		return f, fmt.Errorf("read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return f, fmt.Errorf("read %q: %w", target, ErrNotRegular)
	}
	file, err := openFile(target, os.O_RDONLY)
	if err != nil {
		return f, fmt.Errorf("read: %w", err)
	}
	defer file.Close() //nolint:errcheck // read-only
	if info, err = file.Stat(); err != nil {
		return f, fmt.Errorf("read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return f, fmt.Errorf("read %q: %w", target, ErrNotRegular)
	}
	if f.Data, err = io.ReadAll(io.LimitReader(file, most+1)); err != nil {
		return f, fmt.Errorf("read: %w", err)
	}
	if int64(len(f.Data)) > most {
		f.Data = nil
		return f, fmt.Errorf("read %q: %w of %d bytes", target, ErrTooLarge, most)
	}
	f.ID, err = identify(file, info)
	f.ID.SHA256 = hash(f.Data)
	return f, err
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
