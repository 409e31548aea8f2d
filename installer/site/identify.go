package site

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Use says whether a listed credential is the client secret in use here.
type Use string

// The uses.
const (
	InUse   Use = "in use"
	Other   Use = "other"       // certainly not the one in use here; another host or backend may use it
	Unclear Use = "cannot tell" // it may be the one in use here
)

// Identified is a listed credential, with what is known of it here.
type Identified struct {
	graph.Credential
	Use      Use
	ByHint   bool // its hint is that of the secret in use
	Recorded bool // its ID is the one that was recorded for the secret in use
}

// HintChars is how many characters of a secret the directory shows: the first.
// https://learn.microsoft.com/graph/api/resources/passwordcredential (2026).
const HintChars = 3

// Identify tells which of the listed credentials is the secret in use, by the
// hint and by the ID that was recorded when this very secret was set. It says
// InUse of one at most, and Other only where hint or recorded ID rule it out. Where
// the recorded one is not listed it says InUse of none: it was removed, the list is
// behind, or the record is wrong.
func (s Site) Identify(listed []graph.Credential, value secret.Value) []Identified {
	recorded := s.RecordedID(value)
	all := make([]Identified, 0, len(listed))
	for _, c := range listed {
		all = append(all, Identified{
			Credential: c, ByHint: c.Hint != "" && hint(value) == c.Hint,
			Recorded: recorded != "" && strings.EqualFold(recorded, c.KeyID),
		})
	}
	settle(all, recorded, value)
	return all
}

// RecordedID is the credential ID on record, where the record is of this very secret; else "".
func (s Site) RecordedID(value secret.Value) string {
	c := s.Record.Credential
	if c == nil || c.ID == "" || value.IsZero() || c.Fingerprint == "" || c.Fingerprint != s.Fingerprint(value) {
		return ""
	}
	return c.ID
}

func hint(value secret.Value) string {
	text := value.Reveal()
	return text[:min(HintChars, len(text))]
}

// settle sets the uses. A hint that differs rules a credential out, whatever was
// recorded; one that is not shown rules out nothing.
func settle(all []Identified, recorded string, value secret.Value) {
	var byHint, byRecord, listed int
	for i, c := range all {
		all[i].Use = possible(c, value)
		byHint += one(c.ByHint)
		byRecord += one(c.Recorded && all[i].Use == Unclear)
		listed += one(c.Recorded)
	}
	for i, c := range all {
		switch {
		case c.Use == Other:
		case byRecord == 1:
			all[i].Use = Other
			if c.Recorded {
				all[i].Use = InUse
			}
		case byHint == 1 && c.ByHint && (recorded == "" || listed > 0):
			all[i].Use = InUse
		}
	}
}

// possible is Other where the hint says so.
func possible(c Identified, value secret.Value) Use {
	if value.IsZero() || c.ByHint || c.Hint == "" {
		return Unclear
	}
	return Other
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
