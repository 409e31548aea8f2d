package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// pidFile is a process ID that is true while the process holds the file.
type pidFile struct {
	path string
	file *os.File
}

// claimPIDFile writes our process ID and holds the file until release; "" is
// no file.
func claimPIDFile(path string) (*pidFile, error) {
	if path == "" {
		return &pidFile{}, nil
	}
	f, err := hold(path)
	if err != nil {
		return nil, fmt.Errorf("%s: another process holds it: %w", path, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &pidFile{path, f}, nil
}

func (p *pidFile) release() {
	if p.file == nil {
		return
	}
	removeHeld(p.path, p.file)
}

// running reports whether a process holds the file.
func running(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	f, err := hold(path)
	if err != nil {
		return true
	}
	_ = f.Close() // it was only tried
	return false
}

func readPID(path string) (int, error) {
	text, err := readBounded(path)
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil || pid < 1 {
		return 0, fmt.Errorf("%s: no process ID", path)
	}
	return pid, nil
}
