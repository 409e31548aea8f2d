// Package handed keeps a secret that was given once until it is proven: by a one-time
// link, which is read once, or by the directory, which tells a value when it is made
// and never again. A run that is killed afterwards would lose it. What is said of a
// link here goes for that, too.
//
// A Box is a folder with three kinds of file, both closed to everybody but their
// owner, on Windows to everybody but the system and administrators. NAME.begun says
// that the link of that name is being read; it is on the disk before the request is
// sent. NAME.secret holds the value, and no byte more, so that it can be given as a
// file. NAME.done, once the value is forgotten, holds a mark that is no secret, such
// as the value's fingerprint: the link's second use is then told from a theft. Whoever
// changes a Box holds the environment's lock.
package handed

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	begunEnd  = ".begun"
	secretEnd = ".secret"
	doneEnd   = ".done"

	maxValueBytes = 64 << 10
)

// State is what is known of a link.
type State int

// The states.
const (
	None  State = iota // it was not read here
	Begun              // a run began to read it and did not end
	Kept               // its value is here
	Done               // its value was here, and is in use
)

// Box is the folder. It need not be there.
type Box struct{ Folder string }

// Path is where the value of a link is kept. A name is that of a file, such as a
// fingerprint.
func (b Box) Path(name string) string { return filepath.Join(b.Folder, name+secretEnd) }

func (b Box) marker(name string) string { return filepath.Join(b.Folder, name+begunEnd) }

func (b Box) done(name string) string { return filepath.Join(b.Folder, name+doneEnd) }

// Look tells the state of a link.
func (b Box) Look(name string) (State, error) {
	for _, at := range []struct {
		path  string
		state State
	}{{b.Path(name), Kept}, {b.marker(name), Begun}, {b.done(name), Done}} {
		_, err := os.Lstat(at.path)
		switch {
		case err == nil:
			return at.state, nil
		case !errors.Is(err, fs.ErrNotExist):
			return None, fmt.Errorf("look for what was kept: %w", err)
		}
	}
	return None, nil
}

// Waiting is a link whose value is not in use yet, or is perhaps lost.
type Waiting struct {
	Name  string
	State State // Kept or Begun
	Path  string
	Since time.Time
}

// Waiting lists them, the oldest first.
func (b Box) Waiting() ([]Waiting, error) {
	entries, err := os.ReadDir(b.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for what was kept: %w", err)
	}
	var all []Waiting
	for _, e := range entries {
		w, ok := b.waiting(e.Name())
		if !ok {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // a run that ends just now
		}
		if err != nil {
			return nil, fmt.Errorf("look for what was kept: %w", err)
		}
		w.Since = info.ModTime()
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b Waiting) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Path, b.Path)) })
	return all, nil
}

// waiting tells by the name of a file what waits, but for the time.
func (b Box) waiting(file string) (Waiting, bool) {
	path := filepath.Join(b.Folder, file)
	if name, kept := strings.CutSuffix(file, secretEnd); kept {
		return Waiting{Name: name, State: Kept, Path: path}, !strings.HasPrefix(file, ".") // not what a Keep left that was killed
	}
	name, begun := strings.CutSuffix(file, begunEnd)
	_, err := os.Lstat(b.Path(name))
	return Waiting{Name: name, State: Begun, Path: path}, begun && err != nil // else it is kept as well: a run ended between the two
}

// Begin notes that a link is about to be read. What cannot be noted is not read.
func (b Box) Begin(name string) error {
	if err := atomicfile.NewFolder(b.Folder, 0o700, access.List(true)); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder for what is read: %w", err)
	}
	return b.write(b.marker(name), "")
}

// Abort takes back what Begin noted: nothing was consumed.
func (b Box) Abort(name string) error { return atomicfile.Remove(b.marker(name)) }

// Keep keeps the value of a link.
func (b Box) Keep(name string, v secret.Value) error {
	if err := b.write(b.Path(name), v.Reveal()); err != nil {
		return err
	}
	return atomicfile.Remove(b.marker(name))
}

func (b Box) write(path, text string) error {
	return atomicfile.Create(path, []byte(text), atomicfile.Options{Mode: 0o600, UID: -1, GID: -1, Access: access.List(false)})
}

// Read is the value of a link that is Kept.
func (b Box) Read(name string) (secret.Value, error) {
	file, err := atomicfile.Read(b.Path(name), maxValueBytes)
	if err != nil {
		return secret.Value{}, fmt.Errorf("read what was kept: %w", err)
	}
	return secret.New(string(file.Data)), nil
}

// Mark is what Forget noted of a link that is Done.
func (b Box) Mark(name string) (string, error) {
	file, err := atomicfile.Read(b.done(name), maxValueBytes)
	if err != nil {
		return "", fmt.Errorf("read what was noted: %w", err)
	}
	return string(file.Data), nil
}

// Drop forgets everything of a link.
func (b Box) Drop(name string) error {
	if _, err := os.Lstat(b.Folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(atomicfile.Remove(b.Path(name)), atomicfile.Remove(b.marker(name)), atomicfile.Remove(b.done(name)))
}

// Sweep removes what was being written when a run was killed.
func (b Box) Sweep() error {
	entries, err := os.ReadDir(b.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		left, temporary := strings.CutSuffix(e.Name(), ".tmp")
		of := strings.TrimPrefix(strings.TrimSuffix(left, filepath.Ext(left)), ".")
		if temporary && slices.Contains([]string{begunEnd, secretEnd, doneEnd}, filepath.Ext(of)) {
			err = errors.Join(err, atomicfile.Sweep(filepath.Join(b.Folder, of)))
		}
	}
	return err
}

// Forget removes what is kept and equals the value but for blanks around it, notes a
// mark in its place, and reports whether something was kept.
func (b Box) Forget(v secret.Value, mark string) (forgotten bool, err error) {
	entries, err := os.ReadDir(b.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	for _, e := range entries {
		name, kept := strings.CutSuffix(e.Name(), secretEnd)
		if !kept {
			continue
		}
		value, readErr := b.Read(name)
		if readErr == nil && secret.New(strings.TrimSpace(value.Reveal())).Equal(secret.New(strings.TrimSpace(v.Reveal()))) {
			forgotten = true
			readErr = errors.Join(b.write(b.done(name), mark), atomicfile.Remove(b.Path(name)))
		}
		err = errors.Join(err, readErr)
	}
	return forgotten, err
}
