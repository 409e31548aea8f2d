package step

import (
	"context"
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
		return atomicfile.Remove(s.Path)
	}
	return s.write(s.Old)
}

func (s *Save) write(data []byte) error {
	return atomicfile.Create(s.Path, data, atomicfile.Options{Mode: s.Mode, UID: -1, GID: -1})
}
