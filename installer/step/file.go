package step

import (
	"context"
	"fmt"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// Stage writes the backup and the new content beside a file. Undo and Finish
// remove both.
type Stage struct {
	Pending atomicfile.Pending `json:"pending"`

	Old []byte `json:"-"`
	New []byte `json:"-"`
}

// Do stages.
func (s *Stage) Do(context.Context) error { return s.Pending.Stage(s.Old, s.New) }

// Undo removes what was staged, once the file is back: where it could not be put
// back, the backup is the only copy of what it was.
func (s *Stage) Undo(context.Context) error {
	state, err := s.Pending.State()
	if err != nil {
		return err
	}
	if state == atomicfile.New {
		return fmt.Errorf("%s is not back yet: its backup %s is kept", fault.Path(s.Pending.Path), fault.Path(s.Pending.Backup))
	}
	return s.Pending.Clean()
}

// Finish removes what was staged: the backup holds the old secret.
func (s *Stage) Finish(context.Context) error { return s.Pending.Clean() }

// Switch puts the staged content in the file's place.
type Switch struct {
	Pending atomicfile.Pending `json:"pending"`

	result  atomicfile.Result
	refused bool // before anything was touched: what the file is, somebody else made it
}

// Do switches.
func (s *Switch) Do(context.Context) error {
	var err error
	s.result, err = s.Pending.Commit()
	s.refused = err != nil && !s.result.Touched
	return err
}

// Undo puts the old content and metadata back.
func (s *Switch) Undo(context.Context) error {
	if s.refused {
		return nil
	}
	return s.Pending.Revert()
}

// Holds implements run.Holder. A file that this process did not touch was not
// switched.
func (s *Switch) Holds() (string, atomicfile.State, error) {
	if s.refused {
		return "", "", nil
	}
	state, err := s.Pending.State()
	return s.Pending.Path, state, err
}

// Result tells which way the switch was done.
func (s *Switch) Result() atomicfile.Result { return s.result }
