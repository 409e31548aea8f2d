package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Holder tells who holds a lock.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Boot  string    `json:"boot,omitempty"` // which boot of which kernel; "" where the system does not tell
	Run   string    `json:"run"`
	Since time.Time `json:"since"`
}

// elsewhere reports whether another kernel than that of me looks after the holder,
// so that a lock which is free here says nothing of whether the holder lives.
func (h Holder) elsewhere(me Holder) bool {
	return h.PID != 0 && h.Host != me.Host && h.Boot != me.Boot
}

// BusyError says who holds the lock.
type BusyError struct {
	Holder    Holder
	Elsewhere bool // another host took it and did not free it: whether it lives cannot be told from here
}

// Error names process, host, run and since when, to the second.
func (e *BusyError) Error() string {
	if e.Holder.PID == 0 {
		return "held by another process"
	}
	held := "held"
	if e.Elsewhere {
		held = "taken and not freed"
	}
	return fmt.Sprintf("%s by process %d on %s, run %s, since %s",
		held, e.Holder.PID, e.Holder.Host, e.Holder.Run, e.Holder.Since.Format(time.RFC3339))
}

// Lock is held until Release or the end of the process.
type Lock struct {
	// Died is the holder before, where it ended without freeing the lock; its PID
	// is 0 where it freed it.
	Died Holder

	file *os.File
}

// maxHolderBytes bounds what is read from a lock file.
const maxHolderBytes = 4 << 10

// Acquire takes the lock without waiting, in a folder that is there. A lock
// that is held is a *BusyError, and so is one that another host took and did not
// free. A link under its name is not followed.
func Acquire(path string, me Holder) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|noFollow, 0o600)
	if errors.Is(err, errVanishing) {
		return nil, &BusyError{}
	}
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := lockFile(file); err != nil {
		defer file.Close() //nolint:errcheck // nothing was written
		if errors.Is(err, errHeld) {
			return nil, &BusyError{Holder: holder(file)}
		}
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	if !still(path, file) {
		return nil, errors.Join(&BusyError{}, file.Close())
	}
	before := holder(file)
	if before.elsewhere(me) {
		return nil, errors.Join(&BusyError{Holder: before, Elsewhere: true}, file.Close())
	}
	text, err := json.Marshal(me)
	if err == nil {
		err = errors.Join(file.Truncate(0), writeAt(file, append(text, '\n')))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the lock: %w", err), file.Close())
	}
	return &Lock{Died: before, file: file}, nil
}

// Held is a *BusyError while somebody holds the lock; nil when nobody does, also
// where there is no lock file. It takes the lock for an instant, so ask it only
// where there is a reason to.
func Held(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the lock: %w", err)
	}
	defer file.Close() //nolint:errcheck // read-only
	err = lockFile(file)
	if errors.Is(err, errHeld) {
		return &BusyError{Holder: holder(file)}
	}
	if err != nil {
		return fmt.Errorf("look at the lock: %w", err)
	}
	return nil
}

// still reports whether the locked file is the one of that name: its last
// holder may have removed it between the opening and the locking.
func still(path string, file *os.File) bool {
	named, err := os.Lstat(path)
	if err != nil {
		return false
	}
	held, err := file.Stat()
	return err == nil && os.SameFile(named, held)
}

// Release frees the lock and leaves its file.
func (l *Lock) Release() error {
	_ = l.file.Truncate(0) // a holder whose name stays counts as one that died, which the next run on this host passes over
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("free the lock: %w", err)
	}
	return nil
}

// Remove frees the lock and removes its file, for a run that leaves nothing
// behind.
func (l *Lock) Remove() error {
	if err := removeHeld(l.file); err != nil {
		return fmt.Errorf("remove the lock: %w", err)
	}
	return nil
}

func holder(file *os.File) Holder {
	var h Holder
	text, err := io.ReadAll(io.NewSectionReader(file, 0, maxHolderBytes))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}
	}
	return h
}

func writeAt(file *os.File, text []byte) error {
	_, err := file.WriteAt(text, 0)
	return err
}
