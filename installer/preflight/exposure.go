package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Watch is what is needed to tell who can read a file.
type Watch interface {
	host.Guards
	host.Accounts
}

// Exposures are the files with a secret that large groups can read, and what
// would close each to them: services that read it are let in where the host knows
// their accounts. The error joins those of files that cannot be told of; the
// others are told.
func Exposures(ctx context.Context, files []site.File, services []rollout.Found, w Watch) ([]plan.Exposure, error) {
	var exposed []plan.Exposure
	var problems []error
	for _, f := range files {
		if !slices.ContainsFunc(f.Slots, func(s site.Slot) bool { return settings.IsSecret(s.Setting) }) {
			continue
		}
		e, err := exposure(f, readersOf(ctx, f, services, w), w)
		if err != nil {
			problems = append(problems, err)
		}
		if len(e.Readers) > 0 {
			exposed = append(exposed, e)
		}
	}
	return exposed, errors.Join(problems...)
}

func exposure(f site.File, readers []string, guards host.Guards) (plan.Exposure, error) {
	e := plan.Exposure{Path: f.Path, Real: f.Content.Real}
	var err error
	if e.From, err = guards.Guard(e.Real); err != nil {
		return e, err
	}
	if e.Readers, err = e.From.Readers(); err == nil {
		e.To, err = e.From.Closed(readers...)
	}
	if err != nil {
		return plan.Exposure{}, fmt.Errorf("who can read %s: %w", e.Path, err)
	}
	return e, nil
}

// readersOf are the SIDs of the accounts of the services that read a file.
func readersOf(ctx context.Context, f site.File, services []rollout.Found, accounts host.Accounts) []string {
	var sids []string
	for _, s := range services {
		if s.State.Account == "" || !slices.Contains(s.Reads, f.Path) {
			continue
		}
		if u, err := accounts.Lookup(ctx, s.State.Account); err == nil && u.SID != "" {
			sids = append(sids, u.SID)
		}
	}
	return sids
}

// Exposed says what an exposure means.
func Exposed(e plan.Exposure) string {
	return fmt.Sprintf("%s holds a secret, and %s can read it: installer configure --harden closes it to them",
		e.Path, strings.Join(e.Readers, ", "))
}
