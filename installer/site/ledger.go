package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/handed"
)

// LedgerFormat is the version of the ledger that this program writes.
const LedgerFormat = 1

// Behind is how long a replica of the directory may be behind, and some: what it
// does not list for so long is not there. Observed are 10 to 15 seconds, and "several
// minutes" by the authors of Terraform's provider.
const Behind = 15 * time.Minute

// Ledger is what this program began in the directory and is not done with. It is
// written before the directory is asked, so that a run that is killed leaves nothing
// that the next one does not know of. It holds no secret. Who writes it has the
// environment's lock.
type Ledger struct {
	Format   int       `json:"format"`
	Making   []Making  `json:"making,omitempty"`
	Removals []Removal `json:"removals,omitempty"`
}

// Making is a client secret on its way from the directory into the files.
type Making struct {
	Run      string    `json:"run"` // that began it, under whose name the value is kept
	ClientID string    `json:"clientId"`
	Name     string    `json:"name"`            // in the directory, where no other has it
	Since    time.Time `json:"since"`           // by the directory's clock
	KeyID    string    `json:"keyId,omitempty"` // "" until the directory told
	Replaces string    `json:"replaces,omitempty"`
	Retire   *Removal  `json:"retire,omitempty"` // what to do with that one afterwards; nil: it stays
	Used     bool      `json:"used,omitempty"`   // it came into use: only what is kept of it is still to go
}

// Removal is a client secret that is to be removed from the directory.
type Removal struct {
	KeyID    string    `json:"keyId"`
	ClientID string    `json:"clientId"`
	Why      string    `json:"why"` // Unused or Replaced
	Since    time.Time `json:"since"`
	After    time.Time `json:"after,omitzero"` // not before, by this host's clock
}

// Why a client secret is to be removed.
const (
	Unused   = "unused"   // this program made it, and it never came into use
	Replaced = "replaced" // it was in use before, and somebody said that no other host uses it
)

// Empty reports whether nothing is left to do.
func (l *Ledger) Empty() bool { return len(l.Making) == 0 && len(l.Removals) == 0 }

// Begin adds a client secret that is about to be made, or replaces what is known
// of it.
func (l *Ledger) Begin(m Making) {
	l.End(m.Run)
	l.Making = append(l.Making, m)
}

// End drops what was begun by a run.
func (l *Ledger) End(run string) {
	l.Making = slices.DeleteFunc(slices.Clone(l.Making), func(m Making) bool { return m.Run == run })
}

// Owe adds a removal, once for each ID.
func (l *Ledger) Owe(r Removal) {
	l.Pay(r.KeyID)
	l.Removals = append(l.Removals, r)
}

// Pay drops the removal of an ID.
func (l *Ledger) Pay(keyID string) {
	l.Removals = slices.DeleteFunc(slices.Clone(l.Removals), func(r Removal) bool { return strings.EqualFold(r.KeyID, keyID) })
}

// Due reports whether it is time for a removal.
func (r Removal) Due(now time.Time) bool { return !now.Before(r.After) }

// Fate is what becomes of a client secret whose making a run did not end.
type Fate string

// The fates.
const (
	Adopted   Fate = "adopted"   // it is in use here
	Resumed   Fate = "resumed"   // its value is kept here: it can come into use
	Orphaned  Fate = "orphaned"  // nobody has its value: it is to be removed
	Vanished  Fate = "vanished"  // the directory has none, and had time to tell
	Uncertain Fate = "uncertain" // the directory may be behind
)

// Traces are what is found of a making.
type Traces struct {
	Kept   handed.State      // of its value
	InUse  bool              // a file holds that value, or it is on record as the one in use
	Listed *graph.Credential // as the directory has it; nil where it does not list it
	Now    time.Time         // by the directory's clock
}

// Fate decides by what is found. It is pure.
func (m Making) Fate(t Traces) Fate {
	old := t.Now.Sub(m.Since) > Behind
	expired := t.Listed != nil && !t.Listed.End.IsZero() && !t.Now.Before(t.Listed.End)
	switch {
	case m.Used, t.InUse, t.Kept == handed.Done:
		return Adopted
	case t.Listed == nil && old:
		return Vanished
	case t.Kept == handed.Kept && !expired && (t.Listed != nil || m.KeyID != ""):
		return Resumed
	case t.Listed == nil:
		return Uncertain
	}
	return Orphaned
}

// Find is the credential of a making among those that are listed; nil for none.
func (m Making) Find(listed []graph.Credential) *graph.Credential {
	i := slices.IndexFunc(listed, func(c graph.Credential) bool {
		if m.KeyID != "" {
			return strings.EqualFold(c.KeyID, m.KeyID)
		}
		return c.Name == m.Name
	})
	if i < 0 {
		return nil
	}
	return &listed[i]
}

// ReadLedger reads the ledger; without one it is empty.
func (f Folder) ReadLedger() (Ledger, error) {
	l := Ledger{Format: LedgerFormat}
	file, err := atomicfile.Read(f.Ledger(), maxStateBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, fmt.Errorf("read the ledger: %w", err)
	}
	if json.Unmarshal(file.Data, &l) != nil {
		return l, &FileError{Path: f.Ledger(), Cause: errors.New("not a ledger of this program")}
	}
	return l, nil
}

// WriteLedger writes the ledger; one that is empty is no file.
func (f Folder) WriteLedger(l Ledger) error {
	if l.Empty() {
		if err := atomicfile.Remove(f.Ledger()); err != nil {
			return fmt.Errorf("remove the ledger: %w", err)
		}
		return nil
	}
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the ledger: %w", err)
	}
	options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1, Access: access.List(false)}
	if err := atomicfile.Create(f.Ledger(), append(text, '\n'), options); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}
