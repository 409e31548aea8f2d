package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
)

// reasoner is an error that knows the class of a refusal.
type reasoner interface {
	error
	Reason() string
}

// show prints a report, and a failure, as --output says.
func (a *app) show(r report.Report, problem *fault.Error) {
	if a.global.output == outputJSON {
		a.showJSON(r, problem)
		return
	}
	if problem != nil {
		a.showProblem(r, problem)
		return
	}
	write(a.world.IO.Out, text(r))
}

func (a *app) showJSON(r report.Report, problem *fault.Error) {
	if problem != nil {
		r.Code, r.What, r.Remedy = string(problem.Code), a.hide(problem.Error()), a.hide(problem.Remedy)
		if reason, ok := findReason(problem); ok {
			r.Reason = reason
		}
		r.Changed = false
	}
	out, err := json.MarshalIndent(r, "", "  ")
	if err != nil { // only texts, numbers and lists: it cannot happen
		out = []byte(`{"result":"failed","changed":false,"code":"internal"}`)
	}
	write(a.world.IO.Out, string(out)+"\n")
}

func (a *app) showProblem(r report.Report, problem *fault.Error) {
	for _, line := range strings.Split(a.hide(problem.Error()), "\n") {
		write(a.world.IO.Err, a.paint(red, "installer: error: ")+line+"\n")
	}
	if problem.Remedy != "" {
		write(a.world.IO.Err, "installer: fix: "+a.hide(problem.Remedy)+"\n")
	}
	write(a.world.IO.Err, fmt.Sprintf("installer: code %s, exit status %d%s\n", problem.Code, problem.Code.Exit(), run(r)))
}

func run(r report.Report) string {
	if r.RunID == "" {
		return ""
	}
	return ", run " + r.RunID
}

// text is the report as people read it.
func text(r report.Report) string {
	var b strings.Builder
	if r.Environments != nil {
		for _, one := range r.Environments {
			b.WriteString(text(one))
		}
		return b.String()
	}
	fmt.Fprintf(&b, "%s%s\n", r.Result, of(r))
	if r.What != "" { // of one among several; of one alone it is told on stderr
		fmt.Fprintf(&b, "  %s\n  fix: %s\n", r.What, r.Remedy)
	}
	for _, line := range r.Plan {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	if c := r.Credential; c != nil {
		fmt.Fprintf(&b, "client secret: %s\n%s", credential(*c), known(*c))
	}
	b.WriteString(watched(r))
	for _, f := range r.Files {
		fmt.Fprintf(&b, "file %s%s%s\n", f.Path, spot(f), way(f))
		b.WriteString(difference(f))
	}
	if slices.ContainsFunc(r.Files, func(f report.File) bool { return f.Old+f.New != "" }) {
		b.WriteString("fingerprints compare within this run only\n")
	}
	for _, s := range r.Services {
		fmt.Fprintf(&b, "service %s: %s%s\n", s.Name, s.State, action(s))
	}
	for _, h := range r.Handed {
		fmt.Fprintf(&b, "one-time link: %s since %s, %s\n", h.State, h.Since.Format("2006-01-02 15:04 UTC"), h.File)
	}
	for _, id := range r.Retired {
		fmt.Fprintf(&b, "removed client secret %s\n", id)
	}
	b.WriteString(application(r.Application))
	for _, next := range r.Next {
		fmt.Fprintf(&b, "next: %s\n", next)
	}
	return b.String()
}

func of(r report.Report) string {
	if r.Environment == "" {
		return ""
	}
	if r.Product == "" {
		return ": environment " + r.Environment
	}
	return fmt.Sprintf(": environment %s, %s %s", r.Environment, r.Product, r.Version)
}

func credential(c report.Credential) string {
	parts := []string{"fingerprint " + c.Fingerprint}
	if c.Fingerprint == "" {
		parts = []string{"not set"}
	}
	if c.Expires != "" {
		parts = append(parts, "expires "+c.Expires)
	}
	if c.Validation != "" {
		parts = append(parts, "validation "+c.Validation)
	}
	if c.ID != "" && known(c) == "" { // else it has a line of its own
		parts = append(parts, "Secret ID "+c.ID)
	}
	return strings.Join(parts, ", ")
}

// watched is what watch tells.
func watched(r report.Report) string {
	var b strings.Builder
	if r.Level != "" {
		fmt.Fprintf(&b, "%s: %s\n", r.Level, r.Stands)
	}
	for _, d := range r.Deliveries {
		fmt.Fprintf(&b, "told %s: %s\n", d.Sink, strings.TrimSuffix(d.State+" ("+d.Detail+")", " ()"))
	}
	return b.String()
}

// known is what status tells of a client secret besides.
func known(c report.Credential) string {
	if c.SetAt == nil && c.KnownFrom == "" {
		return ""
	}
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %s: %s\n", name, text)
		}
	}
	line("Secret ID", c.ID)
	line("name", c.DisplayName)
	line("first day", c.Starts)
	if c.DaysLeft == nil {
		line("last day", "not known: configure --expires DATE records it")
	} else {
		line("days left", fmt.Sprint(*c.DaysLeft))
	}
	told := c.KnownFrom
	if c.HintMatched {
		told += ", whose hint matched"
	}
	line("told by", told)
	if c.SetAt != nil {
		line("set", c.SetAt.UTC().Format("2006-01-02 15:04 UTC")+" by "+c.SetBy)
	}
	if c.ProvenAt == nil || c.ProofAgeSeconds == nil {
		line("accepted by Entra ID", "never, as far as this program asked")
	} else {
		age := time.Duration(*c.ProofAgeSeconds) * time.Second
		line("accepted by Entra ID", expiry.Ago(age)+" ("+c.ProvenAt.UTC().Format("2006-01-02 15:04 UTC")+")")
	}
	return b.String()
}

// spot is the place of an edit, so that editors find it.
func spot(f report.File) string {
	if f.Line == 0 {
		return ""
	}
	return fmt.Sprintf(":%d:%d", f.Line, f.Column)
}

// difference is an edit as a diff shows it, with fingerprints in place of values.
// They are made with a key of this run, and compare with nothing else.
func difference(f report.File) string {
	var b strings.Builder
	line := func(sign, fingerprint string) {
		if fingerprint != "" {
			fmt.Fprintf(&b, "%s %s = <fingerprint %s>\n", sign, f.At, fingerprint)
		}
	}
	if f.New == "" || f.New == f.Old {
		line(" ", f.Old)
		return b.String()
	}
	line("-", f.Old)
	line("+", f.New)
	return b.String()
}

func way(f report.File) string {
	switch {
	case len(f.ClosedTo) > 0:
		return ": closed to " + strings.Join(f.ClosedTo, ", ")
	case f.Way == "":
		return ""
	case f.Why == "":
		return ": replaced"
	default:
		return fmt.Sprintf(": replaced %s, because %s", f.Way, f.Why)
	}
}

func action(s report.Service) string {
	var parts string
	if s.Action != "" {
		parts = ", " + s.Action
	}
	if s.Detail != "" && s.State != "running" {
		parts += " (" + s.Detail + ")"
	}
	return parts
}

func findReason(err error) (string, bool) {
	var r reasoner
	if errors.As(err, &r) {
		return r.Reason(), true
	}
	return "", false
}
