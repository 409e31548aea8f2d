package status

import (
	"fmt"
	"slices"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// tellLedger says what is under way in the directory: client secrets that were made
// and those that are to be removed.
func tellLedger(r *report.Report, deps session.Deps, here site.Site) {
	ledger, err := here.Folder.ReadLedger()
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	env := here.Installation.Environment
	next := func(text string) {
		if !slices.Contains(r.Next, text) {
			r.Next = append(r.Next, text)
		}
	}
	for _, m := range ledger.Making {
		r.Begun = append(r.Begun, report.Begun{ID: m.KeyID, Name: m.Name, Run: m.Run, Since: m.Since})
		kept, _ := handed.Box{Folder: here.Folder.Handed()}.Look(m.Run) // not known is not kept
		said := fmt.Sprintf("run %s may have made the client secret %q, and nobody has it", m.Run, m.Name)
		if kept == handed.Kept {
			said = fmt.Sprintf("run %s made the client secret %s (%q) and kept it; it is not in use yet", m.Run, m.KeyID, m.Name)
		}
		if kept == handed.Done || m.Used {
			said = fmt.Sprintf("run %s made the client secret %s (%q), which is in use, and did not come to its end", m.Run, m.KeyID, m.Name)
		}
		r.Warnings = append(r.Warnings, said)
		next(deps.Hint("configure", env) + " --rotate goes on with what a run began, or removes it")
	}
	for _, o := range ledger.Removals {
		r.Removals = append(r.Removals, report.Removal{ID: o.KeyID, Why: o.Why, Since: o.Since, After: o.After})
		if o.Due(deps.Now()) {
			r.Warnings = append(r.Warnings, fmt.Sprintf("the client secret %s is to be removed from the application (%s)", o.KeyID, o.Why))
			next(deps.Hint("secrets retire", env) + " --owed removes what is owed")
			continue
		}
		next(fmt.Sprintf("the client secret %s may be removed after %s: %s --owed does it then", o.KeyID, explain.At(o.After), deps.Hint("secrets retire", env)))
	}
}
