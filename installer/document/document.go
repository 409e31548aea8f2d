// Package document finds and replaces single values in configuration files
// without touching any other byte. It is pure: bytes in, bytes out.
package document

import (
	"fmt"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Format is a dialect of configuration file.
type Format string

// The formats.
const (
	JSONC Format = "jsonc" // JSON as .NET reads it: BOM, comments, trailing commas
	YAML  Format = "yaml"
	Raw   Format = "raw" // the whole content is the value
)

// Kind names a reason to refuse.
type Kind string

// The reasons.
const (
	NotFound     Kind = "not-found"
	Ambiguous    Kind = "ambiguous"    // the path matches more than one place, or a key is there twice
	NotString    Kind = "not-a-string" // an object, array, number, null, boolean, map
	Shared       Kind = "shared"       // alias, anchor with aliases, merge key
	Tagged       Kind = "tagged"
	Encrypted    Kind = "encrypted"
	Encoding     Kind = "encoding"
	Syntax       Kind = "syntax"
	Unsupported  Kind = "unsupported" // a style or format that cannot be edited safely
	Unrepresent  Kind = "not-representable"
	ParserDiffer Kind = "parsers-disagree"
	Verify       Kind = "verification" // the result did not read back as wanted: a defect, nothing returned
	BadPointer   Kind = "bad-pointer"
)

// Error is a refusal. It names a place, never a value.
type Error struct {
	Kind   Kind
	Line   int // from 1; 0 when there is no place
	Column int // in characters, from 1
	Reason string
}

// Error is "line:column: reason".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
}

// Slot is a place in a file: an RFC 6901 pointer for JSONC and YAML, "" for Raw.
type Slot struct {
	At           string
	FinalNewline bool // Raw only: the file ends in a newline that is not part of the value
}

// Match is a value that was found.
type Match struct {
	Value  secret.Value
	Line   int
	Column int
}

// Change is a value to put in a slot.
type Change struct {
	Slot  Slot
	Value secret.Value
}
