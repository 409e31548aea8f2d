package document

import (
	"fmt"
	"path"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Limits.
const (
	MaxBytes = 64 << 20 // what a caller should read of a file at most
	MaxDepth = 10_000   // nesting that is read; .NET itself stops at 64
)

// Format is a dialect of configuration file.
type Format string

// The formats.
const (
	JSONC Format = "jsonc" // JSON as .NET reads it: BOM, comments, trailing commas
	YAML  Format = "yaml"
	Raw   Format = "raw" // the whole content is the value
)

// FormatOf tells the format by the extension of a file's name. Raw has none: it must be
// named.
func FormatOf(name string) (Format, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".jsonc":
		return JSONC, true
	case ".yaml", ".yml":
		return YAML, true
	default:
		return "", false
	}
}

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
	Templated    Kind = "templated" // the value is an expression of a template
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
	Column int // in characters, from 1; 0 when only the line is known
	Reason string
}

// Error is "line:column: reason", as far as known.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Reason
	case e.Column == 0:
		return fmt.Sprintf("%d: %s", e.Line, e.Reason)
	default:
		return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
	}
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
