package site

import (
	"encoding/json"
	"fmt"
	"time"
)

// RecordFormat is the version of the record that this program writes.
const RecordFormat = 1

// Record is what the program remembers of an installation. It holds no secret.
type Record struct {
	Format      int               `json:"format"`
	Credential  *Credential       `json:"credential,omitempty"`
	RestartOwed *Owed             `json:"restartOwed,omitempty"`
	Files       map[string]string `json:"files,omitempty"` // path → SHA-256 after the last change
	LastChange  *LastChange       `json:"lastChange,omitempty"`
}

// Credential is the client secret that was set last.
type Credential struct {
	ID          string    `json:"id,omitempty"`      // the secret ID of the portal, where known
	Expires     string    `json:"expires,omitempty"` // 2026-12-31, where known
	Fingerprint string    `json:"fingerprint"`
	SetAt       time.Time `json:"setAt,omitzero"` // zero where another hand set it
	SetBy       string    `json:"setBy"`
	Validation  string    `json:"validation"` // Proven or Skipped

	DisplayName string    `json:"displayName,omitempty"` // in the portal, where known
	Starts      string    `json:"starts,omitempty"`      // 2026-06-30, where known
	KnownFrom   string    `json:"knownFrom,omitempty"`   // who told ID and days; "" where nobody did, or an older version wrote it
	ProvenAt    time.Time `json:"provenAt,omitzero"`     // when Entra ID accepted it last; SetAt in records of older versions
}

// Who told ID and days of a credential.
const (
	Administrator = "administrator"
	Directory     = "graph" // Microsoft Graph
)

// How a credential was validated.
const (
	Proven  = "proven"
	Skipped = "skipped"
)

// Owed is a restart that was put off.
type Owed struct {
	Services []string  `json:"services"`
	Since    time.Time `json:"since"`
	Run      string    `json:"run"`
}

// LastChange is the last run that changed something.
type LastChange struct {
	Run     string    `json:"run"`
	Command string    `json:"command"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

// Encode is the record as its file holds it.
func (r Record) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the record: %w", err)
	}
	return append(text, '\n'), nil
}

// Note takes down how the credential was validated when it was set, what is known of
// it, and who told that.
func (c *Credential) Note(proven bool, k Known) {
	c.ID, c.DisplayName, c.Starts, c.Expires = k.ID, k.DisplayName, k.Starts, k.Expires
	c.Validation = Skipped
	if proven {
		c.Validation, c.ProvenAt = Proven, c.SetAt
	}
	if c.ID != "" || c.Expires != "" {
		c.KnownFrom = k.By()
	}
}

// LastProof is when Entra ID accepted the credential last, as far as the record
// knows; zero for never.
func (c *Credential) LastProof() time.Time {
	if c.ProvenAt.IsZero() && c.Validation == Proven {
		return c.SetAt
	}
	return c.ProvenAt
}

// ExpiredBy reports whether the credential's recorded last day is over.
func (c *Credential) ExpiredBy(now time.Time) bool {
	if c == nil || c.Expires == "" {
		return false
	}
	day, err := time.Parse(time.DateOnly, c.Expires)
	return err == nil && !now.Before(day.AddDate(0, 0, 1))
}
