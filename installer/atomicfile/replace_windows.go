package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// swap replaces the file, and undoes it where the system did not keep what it
// promises to keep.
func (p Pending) swap(from string, before metadata, seen Identity) (touched bool, err error) {
	carried, err := carriedBy(p.Real)
	if err != nil {
		return false, err
	}
	if err := removeIfThere(p.displaced()); err != nil {
		return false, err
	}
	r := replacement{
		still:   func() error { return p.still(seen) },
		replace: func() error { return replaceFile(p.Real, from, p.displaced()) },
		back:    func() error { return move(p.displaced(), p.Real) },
		number:  numberOf,
	}
	if err := r.run(p.wait(false)); err != nil {
		return !there(p.Real), err
	}
	if what := p.lost(before, carried); what != "" {
		err := briefly(func() error { return move(p.Real, from) })
		if err == nil {
			err = r.restore(p.wait(false))
		}
		return err != nil, errors.Join(lostError{what}, err)
	}
	_ = removeIfThere(p.displaced()) // Clean does it again, and tells
	return true, nil
}

// displaced is where the file is put that was replaced.
func (p Pending) displaced() string { return strings.TrimSuffix(p.Temp, ".new") + ".was" }

// besides are the names of everything that is staged, and of what was replaced.
func (p Pending) besides() []string { return []string{p.Temp, p.Backup, p.displaced()} }

// mend brings a file back that had been put aside when the run was killed.
func (p Pending) mend() error {
	if there(p.Real) || !there(p.displaced()) {
		return nil
	}
	err := briefly(func() error { return move(p.displaced(), p.Real) })
	if err != nil {
		return fmt.Errorf("bring back what stands as %s: %w", fault.Path(p.displaced()), err)
	}
	return nil
}

// lost names what a replacement did not keep and could not be given again; ""
// where nothing.
func (p Pending) lost(before, carried metadata) string {
	now, err := metadataOf(p.Real)
	if err == nil && before.unlike(now) != "" {
		if attributes, err := fileAttributes(p.displaced()); err == nil {
			_ = setAttributes(p.Real, attributes) // the comparison tells
		}
		_ = p.giveAccess(p.Real, p.displaced(), before) // see above
		now, err = metadataOf(p.Real)
	}
	if err != nil {
		return "attributes"
	}
	if what := before.unlike(now); what != "" {
		return what
	}
	if now, err = carriedBy(p.Real); err != nil {
		return "streams"
	}
	return carried.unlike(now)
}

func whyInPlace(err error) string {
	var lost lostError
	if errors.As(err, &lost) {
		return lost.Error()
	}
	return whyLocked(numberOf(err))
}

func (p Pending) wait(inPlace bool) *patience { return waiting(p.patienceFor(inPlace)) }

func waiting(most time.Duration) *patience {
	return &patience{left: most, chance: chance, wait: func(d time.Duration) { <-time.After(d) }}
}

func chance() float64 {
	var b [1]byte
	_, _ = rand.Read(b[:]) // never fails
	return float64(b[0]) / 256
}

// replaceFile always names a backup: without one, an error can leave no file.
func replaceFile(target, from, backup string) error {
	var names [3]*uint16
	for i, path := range []string{target, from, backup} {
		name, err := windows.UTF16PtrFromString(path)
		if err != nil {
			return err
		}
		names[i] = name
	}
	done, _, err := windows.NewLazySystemDLL("kernel32.dll").NewProc("ReplaceFileW").Call(
		uintptr(unsafe.Pointer(names[0])), uintptr(unsafe.Pointer(names[1])), uintptr(unsafe.Pointer(names[2])), 0, 0, 0) //nolint:gosec // G103: how a call outside x/sys takes its texts
	if done == 0 {
		return &os.LinkError{Op: "ReplaceFile", Old: from, New: target, Err: err}
	}
	return nil
}

func fileAttributes(path string) (uint32, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	attributes, err := windows.GetFileAttributes(name)
	if err != nil {
		return 0, &os.PathError{Op: "GetFileAttributes", Path: path, Err: err}
	}
	return attributes, nil
}

func setAttributes(path string, like uint32) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.SetFileAttributes(name, givenAttributes(like))
}

// carriedBy are what ReplaceFileW carries from the old file to the new one: its
// alternate data streams, and how the volume stores it.
func carriedBy(path string) (metadata, error) {
	attributes, err := fileAttributes(path)
	if err != nil {
		return nil, err
	}
	m := metadata{"compression or encryption": storedText(attributes)}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	var found streamData
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	handle, _, err := kernel.NewProc("FindFirstStreamW").Call(
		uintptr(unsafe.Pointer(name)), 0, uintptr(unsafe.Pointer(&found)), 0) //nolint:gosec // G103: how a call outside x/sys takes its texts
	if windows.Handle(handle) == windows.InvalidHandle {
		if noStreams(numberOf(err)) {
			return m, nil
		}
		return nil, fmt.Errorf("list the streams of %s: %w", fault.Path(path), err)
	}
	defer windows.FindClose(windows.Handle(handle)) //nolint:errcheck // a handle that was only used here
	next := kernel.NewProc("FindNextStreamW")
	for more := uintptr(1); more != 0; more, _, _ = next.Call(handle, uintptr(unsafe.Pointer(&found))) { //nolint:gosec // G103: see above
		if stream := windows.UTF16ToString(found.name[:]); stream != "::$DATA" {
			m["stream "+stream] = strconv.FormatInt(found.size, 10)
		}
	}
	return m, nil
}

// streamData is WIN32_FIND_STREAM_DATA.
type streamData struct {
	size int64
	name [windows.MAX_PATH + 36]uint16
}
