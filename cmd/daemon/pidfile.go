package daemon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// maxPIDBytes bounds what is read as a process ID.
const maxPIDBytes = 64

// PIDFile is a process ID that is true while the file is locked: a number that
// was left behind, or that another process got since, deceives nobody.
type PIDFile struct {
	path string
	file *os.File
}

// Claim writes our process ID and holds the file until Release.
func Claim(path string) (*PIDFile, error) {
	for range 5 { // a predecessor may remove the file between our open and our lock
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644) //nolint:gosec // other accounts may ask for the status
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: another process holds it: %w", path, err), f.Close())
		}
		if !sameFile(path, f) {
			_ = f.Close() // it was removed; nothing was written to it
			continue
		}
		if err := writePID(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return &PIDFile{path, f}, nil
	}
	return nil, fmt.Errorf("%s: removed again and again", path)
}

// Release removes the file and lets it go; a nil PIDFile is none.
func (p *PIDFile) Release() {
	if p == nil {
		return
	}
	_ = os.Remove(p.path) // left behind without its lock it means "not running"
	_ = p.file.Close()
}

// Running reports whether a process holds the file.
func Running(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // gives the lock back
	return lock(f) != nil
}

func readPID(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxPIDBytes))
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil || pid < 1 {
		return 0, fmt.Errorf("%s: no process ID", path)
	}
	return pid, nil
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func sameFile(path string, f *os.File) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	here, err := f.Stat()
	return err == nil && os.SameFile(there, here)
}
