// Package preflight checks, before anything is written, whether a host is
// ready for a change, and tells everything that is wrong at once.
package preflight

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Problem is one reason not to begin.
type Problem struct {
	What   string
	Remedy string
	Rights bool // a matter of the account's rights
}

// Findings is everything that a check found.
type Findings struct {
	Problems []Problem
	Warnings []string
}

func (f *Findings) problem(what, remedy string) {
	f.Problems = append(f.Problems, Problem{What: what, Remedy: remedy})
}

func (f *Findings) warn(text string) { f.Warnings = append(f.Warnings, text) }

// Err is every problem in one *fault.Error; nil when there is none.
func (f *Findings) Err() error {
	if len(f.Problems) == 0 {
		return nil
	}
	code := fault.NotElevated
	var causes []error
	var remedies []string
	for _, p := range f.Problems {
		causes = append(causes, errors.New(p.What))
		if !slices.Contains(remedies, p.Remedy) {
			remedies = append(remedies, p.Remedy)
		}
		if !p.Rights {
			code = fault.Preflight
		}
	}
	return fault.Wrap(code, errors.Join(causes...), "the host is not ready for the change; nothing was changed",
		strings.Join(remedies, "; "))
}

// Input is what is checked. FreeBytes tells the space that is left where a
// path is.
type Input struct {
	Plan      plan.Plan
	Services  []rollout.Found
	FreeBytes func(path string) (uint64, error)
	Facts     host.Facts
	Proxies   Proxies
}

// Facts are those of the host, and of the accounts of these services.
func Facts(system host.System, services []rollout.Found) host.Facts {
	var accounts []string
	for _, s := range services {
		account := s.State.Account
		if s.Manager == release.Windows && account != "" && !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	return system.Facts(accounts)
}

// Check looks at everything the plan needs. It writes nothing.
func Check(in Input) Findings {
	var f Findings
	for _, file := range in.Plan.Files {
		f.checkFile(file, in.FreeBytes)
	}
	for _, s := range in.Services {
		f.checkService(s)
	}
	f.checkStanding(in.Facts, in.Plan.Files)
	f.checkProxies(in.Facts, in.Proxies, in.Services)
	shadows := Shadows(in.Plan, in.Services)
	f.Problems = append(f.Problems, shadows.Problems...)
	f.Warnings = append(f.Warnings, shadows.Warnings...)
	return f
}

func (f *Findings) checkFile(file plan.File, free func(string) (uint64, error)) {
	target := file.Content.Real
	handle, err := os.OpenFile(target, os.O_WRONLY, 0)
	if err != nil {
		f.Problems = append(f.Problems, Problem{
			What:   fmt.Sprintf("%s cannot be written: %v", file.Path, err),
			Remedy: "run it as an account that may write the file; " + remedy.Here().Unwritable(),
			Rights: os.IsPermission(err),
		})
		return
	}
	_ = handle.Close() // nothing was written
	// The new content, the backup and as much again to be safe.
	need := uint64(3*len(file.New)) + 1<<16
	if left, err := free(filepath.Dir(target)); err == nil && left < need {
		f.problem(fmt.Sprintf("%s has %d bytes left and the change needs %d", filepath.Dir(target), left, need),
			"make space on that file system")
	}
}

func (f *Findings) checkService(s rollout.Found) {
	switch {
	case !s.State.Exists:
		f.problem(fmt.Sprintf("the service %s is unknown to the service manager", s.Name),
			"correct the name in the installation's description, or install the service")
	case s.State.Enablement == svc.Masked:
		f.problem(fmt.Sprintf("the service %s is masked", s.Name), "systemctl unmask "+s.Name)
	case s.Manager == release.Windows && s.Running && s.State.Enablement == svc.Disabled:
		f.problem(fmt.Sprintf("the service %s runs and is disabled: once stopped, it would not start again", s.Name),
			"set its start type to manual or automatic in services.msc (sc config "+s.Name+" start= demand)")
	}
}
