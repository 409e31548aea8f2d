package step

import (
	"context"
	"errors"
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Save replaces one of the program's own state files, which hold no secret.
// An empty Old means that the file is not there before.
type Save struct {
	Path string      `json:"path"`
	Mode fs.FileMode `json:"mode"`
	Old  []byte      `json:"old,omitempty"`
	New  []byte      `json:"new"`
}

// Do writes the new content.
func (s *Save) Do(context.Context) error { return s.write(s.New) }

// Undo writes the old content back, or removes the file.
func (s *Save) Undo(context.Context) error {
	if len(s.Old) == 0 {
		return errors.Join(atomicfile.Sweep(s.Path), atomicfile.Remove(s.Path))
	}
	return s.write(s.Old)
}

// write also clears away what a write left that was killed: the lock keeps every
// other one away.
func (s *Save) write(data []byte) error {
	if err := atomicfile.Sweep(s.Path); err != nil {
		return err
	}
	return atomicfile.Create(s.Path, data, atomicfile.Options{Mode: s.Mode, UID: -1, GID: -1})
}
