package site

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Known is what is known of a client secret, in the form of a record; each may be "".
type Known struct {
	ID          string // the portal's Secret ID
	DisplayName string
	Starts      string // 2026-06-30
	Expires     string // 2026-12-31
	From        string // who told it
}

// Told is what a directory tells of a client secret.
func Told(c graph.Credential) Known {
	return Known{ID: c.KeyID, DisplayName: c.Name, Starts: Day(c.Start), Expires: Day(c.End), From: Directory}
}

// By is who told it: the administrator where nobody else is named.
func (k Known) By() string { return cmp.Or(k.From, Administrator) }

// Settled reports whether there is nothing to ask a directory for: who told it is
// settled, or both ID and last day were given.
func (k Known) Settled() bool { return k.From != "" || k.ID != "" && k.Expires != "" }

// portalSlack is how far two last days of one secret are apart at most: the record
// counts in UTC, and a person may read the day of another zone.
const portalSlack = 24 * time.Hour

// Learn adds what a directory lists of a client secret to what a person told of it. The
// secret is recognised by its hint; where several have it, only by the ID that was
// told. An ID that was told stands, a last day gives way to the directory's. The texts
// say where the two do not agree.
func Learn(listed []graph.Credential, value secret.Value, told Known) (Known, []string) {
	var said []string
	found, ok := recognised(listed, value, told.ID)
	if told.ID != "" && (ok && !strings.EqualFold(told.ID, found.KeyID) || isOfAnother(listed, value, told.ID)) {
		said = append(said, wrongID(told.ID, found.KeyID))
	}
	if !ok {
		return told, said
	}
	known := Told(found)
	if told.ID != "" {
		known.ID = told.ID
	}
	if !strings.EqualFold(known.ID, found.KeyID) {
		known.From = Administrator // the directory's word is not to be had for that ID
	}
	if known.Expires == "" {
		known.Expires = told.Expires
	}
	if told.Expires != "" && !sameDay(told.Expires, known.Expires) {
		said = append(said, fmt.Sprintf("the last day that was given, %s, is not the one that Microsoft Graph tells: %s is recorded", told.Expires, known.Expires))
	}
	return known, said
}

// recognised is the one listed credential that the secret can be.
func recognised(listed []graph.Credential, value secret.Value, id string) (graph.Credential, bool) {
	var byHint []graph.Credential
	for _, c := range listed {
		if c.Hint != "" && c.Hint == hint(value) {
			byHint = append(byHint, c)
		}
	}
	if len(byHint) == 1 {
		return byHint[0], true
	}
	for _, c := range byHint {
		if id != "" && strings.EqualFold(id, c.KeyID) {
			return c, true
		}
	}
	return graph.Credential{}, false
}

// isOfAnother reports whether the hint rules out that an ID is that of the secret.
func isOfAnother(listed []graph.Credential, value secret.Value, id string) bool {
	for _, c := range listed {
		if strings.EqualFold(id, c.KeyID) {
			return c.Hint != "" && c.Hint != hint(value)
		}
	}
	return false
}

func wrongID(told, found string) string {
	text := "the Secret ID that was given, " + told + ", is not this client secret's, as Microsoft Graph tells"
	if found != "" {
		text += "; " + found + " is"
	}
	return text + ": correct it with installer configure --credential-id"
}

// Day is a time as a record has it, in UTC; "" where it is not known.
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// sameDay allows for zones.
func sameDay(a, b string) bool {
	first, err := time.Parse(time.DateOnly, a)
	if err != nil {
		return a == b
	}
	second, err := time.Parse(time.DateOnly, b)
	return err == nil && first.Sub(second).Abs() <= portalSlack
}
