package status

import (
	"fmt"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// The states of a link in a report.
const (
	kept  = "kept"
	begun = "begun"
)

// tellHanded says what is kept of one-time links and not proven yet, and which were
// perhaps lost. What was made in the directory is the ledger's.
func tellHanded(r *report.Report, deps session.Deps, here site.Site) {
	waiting, err := handed.Box{Folder: here.Folder.Handed()}.Waiting()
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	ledger, _ := here.Folder.ReadLedger() // its error was told
	environment := here.Installation.Environment
	count := map[string]int{}
	since := map[string]time.Time{}
	for _, w := range waiting {
		if slices.ContainsFunc(ledger.Making, func(m site.Making) bool { return m.Run == w.Name }) {
			continue
		}
		h := report.Handed{State: kept, File: w.Path, Since: w.Since.UTC()}
		next := deps.Hint("configure", environment) + " --client-secret-file " + w.Path + " proves it, sets it and removes that file; where it is not to be used, remove the file"
		if w.State == handed.Begun {
			h.State, next = begun, deps.Hint("handoff open", environment)+" with the same link tells whether it still holds the secret"
		}
		if count[h.State]++; count[h.State] == 1 {
			since[h.State] = h.Since
		}
		r.Handed = append(r.Handed, h)
		if r.Pending == "" { // that comes first
			r.Next = append(r.Next, next)
		}
	}
	if n := count[kept]; n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d secret(s) of one-time links are kept and not proven, since %s", n, at(since[kept])))
	}
	if n := count[begun]; n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d run(s) began to read a one-time link and have not ended, since %s: unless one is at work now, the secret may be lost", n, at(since[begun])))
	}
}

func at(t time.Time) string { return t.Format("2006-01-02 15:04 UTC") }
