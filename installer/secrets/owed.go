package secrets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// PayOwed removes what earlier runs left to be removed and whose time has come: what
// this program made and nobody uses, and what was in use before, once this host was
// proven to use another. Where nothing is due nobody signs in.
func PayOwed(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	b := &books{deps: deps}
	b.report = report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	s, err := session.Begin(ctx, deps, req.Environment)
	if err != nil {
		return b.report, err
	}
	b.report.Product, b.report.Version = s.Installation.Product, s.Installation.Version
	err = b.payAll(ctx, s.Site, req)
	return b.report, errors.Join(err, s.Close())
}

func (b *books) payAll(ctx context.Context, here site.Site, req Request) error {
	if err := b.open(here.Folder); err != nil {
		return err
	}
	due := slices.ContainsFunc(b.ledger.Removals, func(r site.Removal) bool { return r.Due(b.deps.Now()) })
	if !due && len(b.ledger.Making) == 0 {
		b.report.Result = report.Unchanged
		b.tellOwed()
		b.remind(ctx, req.Alone)
		return nil
	}
	var err error
	if b.access, err = look(ctx, b.deps, here, req.SignIn); err == nil {
		err = b.access.connect(ctx, b.deps)
	}
	if err == nil {
		b.app, err = b.access.application(ctx, b.deps, "retire client secrets")
	}
	if err == nil {
		err = b.survey()
	}
	if err != nil {
		return err
	}
	b.deps.Progress.Say(progress.Change, "secrets retire begins to change things")
	if err := b.settle(ctx); err != nil {
		return err
	}
	_, err = b.payDue(ctx)
	err = errors.Join(b.unpaid, err)
	if b.report.Result = report.Unchanged; len(b.report.Retired) > 0 {
		b.report.Result, b.report.Changed = report.Changed, true
	}
	b.tellOwed()
	b.remind(ctx, req.Alone)
	return err
}

// payDue removes what was in use before and whose time has come, once this host is
// proven to use another. With an error it tells which stays first.
func (b *books) payDue(ctx context.Context) (stays string, err error) {
	due := slices.DeleteFunc(slices.Clone(b.ledger.Removals), func(r site.Removal) bool {
		return r.Why != site.Replaced || !r.Due(b.deps.Now())
	})
	if len(due) == 0 {
		return "", nil
	}
	var app graph.Application
	if err = b.access.proven(ctx, b.deps); err == nil {
		app, err = b.caughtUp(ctx)
	}
	if err != nil {
		return due[0].KeyID, err
	}
	all := b.access.site.Identify(app.Credentials, b.access.value)
	for _, r := range due {
		if failed := b.payReplaced(ctx, r, all); failed != nil {
			stays, err = cmp.Or(stays, r.KeyID), errors.Join(err, failed)
		}
	}
	return stays, err
}

// payReplaced removes one of those that are listed. What somebody has taken into use
// again stays, and is owed no more.
func (b *books) payReplaced(ctx context.Context, r site.Removal, all []site.Identified) error {
	i := slices.IndexFunc(all, func(c site.Identified) bool { return strings.EqualFold(c.KeyID, r.KeyID) })
	if i < 0 {
		return b.pay(ctx, r)
	}
	if all[i].Use == site.InUse {
		b.forgive(r)
		return nil
	}
	if err := spare(all, all[i]); err != nil {
		return err
	}
	return b.pay(ctx, r)
}

// caughtUp is the application once the replica that answers knows the client secret
// in use, as far as that can be told.
func (b *books) caughtUp(ctx context.Context) (graph.Application, error) {
	var app graph.Application
	err := patiently(ctx, b.deps, repeatable, func() error {
		var err error
		app, err = b.access.directory.Application(ctx, b.access.question.ClientID)
		if id := b.access.site.RecordedID(b.access.value); err == nil && id != "" && !listed(app, id) {
			return &graph.Error{Cause: graph.Gone, Host: b.access.host}
		}
		return err
	})
	return app, explain.Graph(err, "retire the client secret")
}

// tellOwed says what is still to be removed, and when.
func (b *books) tellOwed() {
	for _, r := range b.ledger.Removals {
		if !r.Due(b.deps.Now()) {
			b.next(fmt.Sprintf("the client secret %s may be removed after %s: run the same command again then", r.KeyID, explain.At(r.After)))
		}
	}
	for _, l := range b.left {
		b.next(fmt.Sprintf("run %s made the client secret %s and kept it: %s --rotate goes on with it",
			l.Run, l.KeyID, b.deps.Hint("configure", b.report.Environment)))
	}
	if len(b.ledger.Removals) == 0 && len(b.report.Retired) == 0 && len(b.left) == 0 {
		b.deps.Progress.Say(progress.Done, "nothing is owed")
	}
}
