package syntax

import (
	"errors"
	"fmt"
)

// MaxDepth is the nesting that is read; .NET itself stops at 64.
const MaxDepth = 10_000

// Kind names a reason to refuse.
type Kind string

// The reasons.
const (
	NotFound     Kind = "not-found"
	Present      Kind = "present"      // what is to be added is there
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

// Refuse is a refusal for what lies at an offset.
func Refuse(kind Kind, body []byte, offset int, reason string) *Error {
	line, column := Place(body, offset)
	return &Error{Kind: kind, Line: line, Column: column, Reason: reason}
}

// Reason is a refusal whose place another function knows; see At.
func Reason(kind Kind, reason string) *Error {
	return &Error{Kind: kind, Reason: reason}
}

// At is the refusal with the place of an offset, where it has none of its own.
func (e *Error) At(body []byte, offset int) *Error {
	if e.Line > 0 {
		return e
	}
	return Refuse(e.Kind, body, offset, e.Reason)
}

// Placed is At for an error of any type.
func Placed(err error, body []byte, offset int) error {
	var e *Error
	if errors.As(err, &e) {
		return e.At(body, offset)
	}
	return err
}

// Broken is the refusal of a result.
func Broken(what string) *Error {
	return &Error{Kind: Verify, Reason: "the edited file did not read back as wanted, nothing was changed: " + what}
}

// Is reports whether an error is a refusal for this reason.
func Is(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}
