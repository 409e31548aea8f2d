package secrets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// books are what an environment has under way in the directory.
type books struct {
	deps   session.Deps
	folder site.Folder
	ledger site.Ledger
	access access
	app    graph.Application
	left   []leftover
	unpaid error // why what is due was not removed
	report report.Report
}

// leftover is what a run that was cut off had begun to make.
type leftover struct {
	site.Making
	fate   site.Fate
	listed *graph.Credential
	value  secret.Value // where it is kept
}

func (b *books) box() handed.Box { return handed.Box{Folder: b.folder.Handed()} }

// open reads the ledger of an environment.
func (b *books) open(folder site.Folder) error {
	b.folder = folder
	var err error
	if b.ledger, err = folder.ReadLedger(); err != nil {
		return fault.Wrap(fault.ConfigInvalid, err, "what earlier runs made cannot be told",
			"repair the file, or move it away and look at installer secrets list for what it named")
	}
	return nil
}

// note writes the ledger.
func (b *books) note() error {
	if err := b.folder.WriteLedger(b.ledger); err != nil {
		return fmt.Errorf("note what is under way in the directory: %w", err)
	}
	return nil
}

// survey finds out what became of what earlier runs had begun. It writes nothing.
func (b *books) survey() error {
	for _, m := range b.ledger.Making {
		if !strings.EqualFold(m.ClientID, b.access.question.ClientID) {
			continue // of another application, which that of this run tells nothing of
		}
		kept, err := b.box().Look(m.Run)
		l := leftover{Making: m, listed: m.Find(b.app.Credentials)}
		if err == nil && kept == handed.Kept {
			if l.value, err = b.box().Read(m.Run); l.value.IsZero() {
				kept = handed.Begun // a disk that lost what was flushed
			}
		}
		if err != nil {
			return explain.State(err)
		}
		recorded := m.KeyID != "" && strings.EqualFold(m.KeyID, b.access.site.RecordedID(b.access.value))
		l.fate = m.Fate(site.Traces{Kept: kept, InUse: recorded || b.access.uses(l.value), Listed: l.listed, Now: b.app.Now})
		b.left = append(b.left, l)
	}
	return nil
}

// unused reports whether this program made a client secret that has not come into use.
func (b *books) unused(keyID string) bool {
	return slices.ContainsFunc(b.left, func(l leftover) bool {
		return l.listed != nil && strings.EqualFold(l.listed.KeyID, keyID) && l.fate != site.Adopted
	}) || slices.ContainsFunc(b.ledger.Removals, func(r site.Removal) bool {
		return r.Why == site.Unused && strings.EqualFold(r.KeyID, keyID)
	})
}

// uses reports whether a file holds a value as client secret.
func (a *access) uses(value secret.Value) bool {
	if value.IsZero() {
		return false
	}
	return slices.ContainsFunc(a.files, func(f site.File) bool {
		return slices.ContainsFunc(f.Slots, func(s site.Slot) bool {
			return s.Setting == settings.ClientSecret && s.Value.Equal(value)
		})
	})
}

// settle ends what earlier runs had begun, all but what this run goes on with.
func (b *books) settle(ctx context.Context) error {
	for _, l := range b.left {
		switch l.fate {
		case site.Resumed:
		case site.Adopted:
			b.adopt(l)
		case site.Orphaned:
			b.deps.Progress.Say(progress.Step, fmt.Sprintf("remove the client secret %s, which run %s made and nobody has", l.listed.KeyID, l.Run))
			b.discard(ctx, l.Making, l.listed.KeyID)
		case site.Vanished:
			b.discard(ctx, l.Making, "")
		case site.Uncertain:
			b.warn(fmt.Sprintf("run %s may have made a client secret %q, which Microsoft Graph does not list yet: the next run looks again", l.Run, l.Name))
		}
	}
	b.left = slices.DeleteFunc(b.left, func(l leftover) bool { return l.fate != site.Resumed })
	for _, r := range b.ledger.Removals {
		if r.Why == site.Unused {
			b.payUnused(ctx, r)
		}
	}
	if err := b.note(); err != nil {
		return explain.Write(err, "what is under way in the directory was not noted")
	}
	return nil
}

// adopt takes down that a client secret came into use. The ledger comes first: what
// is in use is never what nobody has. It names the run until nothing of it is kept.
func (b *books) adopt(l leftover) {
	m := l.Making
	if m.Retire != nil {
		b.ledger.Owe(*m.Retire)
	}
	m.Retire, m.Used = nil, true
	b.ledger.Begin(m)
	err := b.note()
	if err == nil {
		err = b.box().Drop(m.Run)
	}
	if err == nil {
		b.ledger.End(m.Run)
		err = b.note()
	}
	if err != nil {
		b.warn(fmt.Sprintf("what was noted of run %s could not be removed: %v", l.Run, err))
	}
}

// discard removes a client secret that this program made and that never came into
// use; one without an ID was not made. Where that fails it is owed. The value goes
// first: what is owed is never gone on with.
func (b *books) discard(ctx context.Context, m site.Making, keyID string) {
	err := b.box().Drop(m.Run)
	b.ledger.End(m.Run)
	owed := site.Removal{KeyID: keyID, ClientID: m.ClientID, Why: site.Unused, Since: m.Since}
	if keyID != "" {
		b.ledger.Owe(owed)
	}
	if err = errors.Join(err, b.note()); err != nil {
		b.warn(fmt.Sprintf("what was noted of run %s could not be removed: %v", m.Run, err))
	}
	if keyID != "" {
		b.payUnused(ctx, owed)
	}
}

// payUnused removes a client secret that never came into use; it may stay owed.
func (b *books) payUnused(ctx context.Context, r site.Removal) {
	if err := b.pay(ctx, r); err != nil {
		b.unpaid = errors.Join(b.unpaid, err)
		b.stays(r.KeyID, err)
	}
}

func (b *books) stays(keyID string, err error) {
	b.warn(fmt.Sprintf("the client secret %s could not be removed and stays owed: %v", keyID, err))
	b.next(b.deps.Hint("secrets retire", b.report.Environment) + " --owed tries again to remove what is owed")
}

// pay removes a client secret that is owed; what cannot be removed stays owed.
func (b *books) pay(ctx context.Context, r site.Removal) error {
	if !strings.EqualFold(r.ClientID, b.access.question.ClientID) || !r.Due(b.deps.Now()) {
		return nil
	}
	if strings.EqualFold(r.KeyID, b.access.site.RecordedID(b.access.value)) {
		b.forgive(r)
		return nil
	}
	if err := b.access.remove(ctx, b.deps, r.KeyID, b.settled(r)); err != nil {
		return err
	}
	b.deps.Progress.Say(progress.Done, "the client secret "+r.KeyID+" is removed")
	b.report.Retired = append(b.report.Retired, r.KeyID)
	b.strike(r)
	return nil
}

// forgive takes a removal off the list: somebody took the client secret into use again.
func (b *books) forgive(r site.Removal) {
	b.warn(fmt.Sprintf("the client secret %s is not removed, and is owed no more: it is in use here", r.KeyID))
	b.strike(r)
}

// strike takes a removal off the list.
func (b *books) strike(r site.Removal) {
	b.ledger.Pay(r.KeyID)
	if err := b.note(); err != nil {
		b.warn(err.Error())
	}
}

// settled is sure of what is old enough, and of what was in use before where the one in
// use now, which is younger, is listed.
func (b *books) settled(r site.Removal) sure {
	return func(app graph.Application) bool {
		inUse := b.access.site.RecordedID(b.access.value)
		return b.app.Now.Sub(r.Since) > site.Behind || r.Why == site.Replaced && inUse != "" && listed(app, inUse)
	}
}

func (b *books) warn(text string) {
	b.deps.Progress.Say(progress.Warning, text)
	b.report.Warnings = append(b.report.Warnings, text)
}

func (b *books) next(text string) {
	if !slices.Contains(b.report.Next, text) {
		b.report.Next = append(b.report.Next, text)
	}
}
