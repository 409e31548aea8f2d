// Package atomicfile replaces files.
package atomicfile

// Read reads.
func Read(path string, max int64) (File, error) { panic("contract") }

// Plan plans.
func Plan(f File, data []byte, tag string) Pending { panic("contract") }

// PlanIn plans with another folder for temp and backup.
func PlanIn(f File, data []byte, tag, dir string) Pending { panic("contract") }

// Stage stages.
func (p Pending) Stage(old, data []byte) error { panic("contract") }

// Commit commits.
func (p Pending) Commit() (Result, error) { panic("contract") }

// Revert reverts.
func (p Pending) Revert() error { panic("contract") }

// Clean cleans.
func (p Pending) Clean() error { panic("contract") }

// State tells.
func (p Pending) State() (State, error) { panic("contract") }

// Create creates.
func Create(path string, data []byte, o Options) error { panic("contract") }

// Remove removes.
func Remove(path string) error { panic("contract") }
