package edit

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Request is one value of one file.
type Request struct {
	File         string
	Format       document.Format // "" = by the file's name
	At           string
	FinalNewline bool
	Value        *secret.Value // nil where only the place is looked for

	// Private is a folder of this account for what an edit stages where the file's
	// own folder takes no files; "" where there is none. It is made when it is
	// needed.
	Private string

	Add    bool // the place is missing
	Check  bool // look, write nothing
	DryRun bool // plan, write nothing
}

// Run changes the value, or says that it is there already.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Result: report.Failed}
	if err := complete(&req); err != nil {
		return r, err
	}
	key, err := secret.NewKey(deps.Random)
	if err != nil {
		return r, fmt.Errorf("make a key for fingerprints: %w", err)
	}
	e := editor{req: req, key: key, deps: deps, report: &r}
	switch {
	case req.Check || req.DryRun:
		err = e.look()
	default:
		err = e.change(ctx)
	}
	return r, err
}

// complete finds the format and refuses what is no place of it.
func complete(req *Request) error {
	if req.Format == "" {
		var known bool
		if req.Format, known = document.FormatOf(filepath.ToSlash(req.File)); !known {
			return fault.New(fault.Usage, "the name of the file does not tell its format",
				fmt.Sprintf("say --format, one of %v", document.Formats()))
		}
	}
	err := document.CheckAt(req.Format, req.At)
	switch {
	case req.Add && req.Value == nil:
		return fault.New(fault.Usage, "--add without a value", "pipe the value in and say --value-stdin")
	case syntax.Is(err, syntax.BadPointer):
		return fault.Wrap(fault.Usage, err, "--at is no place of the format "+string(req.Format),
			"the README lists the formats and what a place is in each")
	case err != nil:
		return fault.Wrap(fault.Usage, err, "--format", fmt.Sprintf("say one of %v", document.Formats()))
	}
	return nil
}

// editor is one run.
type editor struct {
	req    Request
	key    secret.Key
	deps   session.Deps
	report *report.Report
}

// look says where the place is and whether the value could be written there.
func (e editor) look() error {
	file, err := e.read()
	if err != nil {
		return err
	}
	if e.leftover(file) {
		return fault.New(fault.Busy, "an edit of "+file.Path+" runs, or was killed",
			"wait until it has ended; where none runs, an edit without --check and --dry-run puts right what is left")
	}
	out, err := e.edited(file)
	if err != nil {
		return err
	}
	e.report.Result = report.Planned
	if e.req.Value == nil || bytes.Equal(out, file.Data) {
		e.report.Result = report.Unchanged
	}
	if e.req.Check {
		e.report.Result = report.Possible
	}
	return nil
}

func (e editor) read() (atomicfile.File, error) {
	file, err := atomicfile.Read(e.req.File, document.MaxBytes)
	if err != nil {
		return file, unreadable(e.req.File, err)
	}
	return file, nil
}

// edited is the file's content after the change, and tells of the place.
func (e editor) edited(file atomicfile.File) ([]byte, error) {
	told := report.File{Path: file.Path, At: e.req.At, Format: string(e.req.Format)}
	out, match, err := e.document(file.Data)
	if err != nil {
		return nil, e.refused(file.Path, err)
	}
	if !e.req.Add {
		told.Line, told.Column, told.Old = match.Line, match.Column, e.key.Fingerprint(match.Value)
	}
	if e.req.Value != nil {
		told.New = e.key.Fingerprint(*e.req.Value)
	}
	e.report.Files = []report.File{told}
	return out, nil
}

// document is a content after the change, and the place of what was there.
func (e editor) document(src []byte) ([]byte, document.Match, error) {
	slot := document.Slot{At: e.req.At, FinalNewline: e.req.FinalNewline}
	if e.req.Value == nil {
		match, err := document.Find(src, e.req.Format, slot)
		return src, match, err
	}
	changes := []document.Change{{Slot: slot, Value: *e.req.Value}}
	if e.req.Add {
		out, err := document.Add(src, e.req.Format, changes)
		return out, document.Match{}, err
	}
	out, matches, err := document.Replace(src, e.req.Format, changes)
	if err != nil {
		return nil, document.Match{}, err
	}
	return out, matches[0], nil
}

// refused gives the remedies that differ from those for an installation.
func (e editor) refused(path string, err error) error {
	err = &site.FileError{Path: path, Cause: err}
	const what = "the file cannot be edited safely"
	switch {
	case syntax.Is(err, syntax.NotFound) && !e.req.Add:
		return fault.Wrap(fault.ConfigInvalid, err, what, "correct --at, or say --add to make the place")
	case syntax.Is(err, syntax.NotFound):
		return fault.Wrap(fault.ConfigInvalid, err, what, "correct --at: what is around the place has to be there")
	case syntax.Is(err, syntax.Present):
		return fault.Wrap(fault.ConfigInvalid, err, what, "leave --add out to change what is there")
	case syntax.Is(err, syntax.NotString):
		return fault.Wrap(fault.ConfigInvalid, err, what, "name a place that holds a text, or make the value a text in quotes")
	}
	return explain.Files(err)
}
