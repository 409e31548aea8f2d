package svc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	restartAfter = 60 * time.Second
	failuresFor  = 24 * time.Hour
)

// Register makes the service, or changes what differs. A new one is started by
// hand, with Enable with the host; one that is disabled stays so. The manager
// starts it again 60 s after its first and its second failure, also after an
// end with an error, and counts anew after a day without one. An account with a
// password of its own needs it when it is new to the service: ErrPassword. Such
// an account, and a managed one, gets the right to log on as a service, as
// services.msc gives it.
// Where a part cannot be set the service is left as far as it came; calling
// again goes on. A part that an emulation of Windows does not have is left out;
// on Windows itself that is an error.
func (m *SCMManager) Register(ctx context.Context, d Definition) error {
	if err := m.register(ctx, d); err != nil {
		return fmt.Errorf("register %q: %w", d.Name, scmTranslate(err, nil))
	}
	return nil
}

func (m *SCMManager) register(ctx context.Context, d Definition) error {
	calls, err := m.open(ctx, d.Name)
	if err != nil {
		return err
	}
	now, err := calls.Config(d.Name)
	switch {
	case windowsNumber(err) == WindowsServiceDoesNotExist:
		err = registerNew(calls, d)
	case err == nil:
		err = registerAgain(calls, d, now)
	}
	if err == nil {
		err = grant(calls, d.Windows.Account)
	}
	if err != nil {
		return err
	}
	for _, s := range scmSettings(d.Windows, m.preShutdown) {
		err := calls.Set(d.Name, s)
		if windowsNumber(err) == WindowsInvalidLevel && calls.Emulated() {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grant is for accounts of people and of the domain: Windows' own may log on as
// a service anyway. An emulation asks nobody for the right.
func grant(calls scmCalls, name string) error {
	account, err := access.ParseAccount(name)
	if err != nil {
		return err
	}
	if account.Kind != access.User && account.Kind != access.Managed {
		return nil
	}
	if err := calls.Grant(account.Name); err != nil && !calls.Emulated() {
		return fmt.Errorf("let %s log on as a service: %w", account.Name, err)
	}
	return nil
}

func registerNew(calls scmCalls, d Definition) error {
	wanted, err := scmWanted(d)
	if err != nil {
		return err
	}
	if wanted.DisplayName == "" {
		wanted.DisplayName = d.Name
	}
	if wanted.Start == 0 {
		wanted.Start = scmManual
	}
	if needsPassword(wanted) {
		return fmt.Errorf("%s: %w", wanted.Account, ErrPassword)
	}
	return calls.Create(d.Name, wanted)
}

func registerAgain(calls scmCalls, d Definition, now scmConfig) error {
	wanted, err := scmWanted(d)
	if err != nil {
		return err
	}
	differs, some := scmDifference(wanted, now)
	if differs.Account != "" && needsPassword(differs) {
		return fmt.Errorf("%s: %w", differs.Account, ErrPassword)
	}
	if !some {
		return nil
	}
	return calls.Change(d.Name, differs)
}

// scmWanted is a definition as the manager takes it. Start is 0 where the
// definition leaves it open.
func scmWanted(d Definition) (scmChange, error) {
	line, err := commandLine(d.Windows.Exec)
	if err != nil {
		return scmChange{}, err
	}
	account, err := access.ParseAccount(d.Windows.Account)
	if err != nil {
		return scmChange{}, err
	}
	for _, name := range d.Windows.After {
		if err := scmName(name); err != nil {
			return scmChange{}, fmt.Errorf("it depends on %q: %w", name, err)
		}
	}
	wanted := scmChange{
		Type: scmOwnProcess, CommandLine: line, Account: account.Name, Password: passwordOf(account, d.Windows.Password),
		DisplayName: d.Windows.DisplayName, After: append([]string{}, d.Windows.After...),
	}
	if d.Enable {
		wanted.Start = scmAutomatic
	}
	if strings.ContainsRune(d.Windows.DisplayName+d.Windows.Description, 0) {
		return scmChange{}, errors.New("its display name or description holds a zero byte")
	}
	return wanted, nil
}

// passwordOf is what the manager wants beside an account: nothing for one whose
// password Windows keeps itself, an empty one for those that have none.
func passwordOf(a access.Account, given secret.Value) *secret.Value {
	switch a.Kind {
	case access.Virtual, access.Managed:
		return nil
	case access.LocalSystem, access.LocalService, access.NetworkService:
		none := secret.New("")
		return &none
	case access.User:
	}
	return &given
}

// needsPassword reports an account that has a password which nobody gave.
func needsPassword(c scmChange) bool {
	account, err := access.ParseAccount(c.Account)
	return err == nil && account.NeedsPassword() && (c.Password == nil || c.Password.IsZero())
}

// scmDifference is what of a wanted registration is not there yet. A password
// that was given is always set: the manager does not tell the one that it has.
func scmDifference(wanted scmChange, now scmConfig) (d scmChange, some bool) {
	d.Type = differing(wanted.Type, now.Type)
	d.CommandLine = differing(wanted.CommandLine, now.CommandLine)
	d.DisplayName = differing(wanted.DisplayName, now.DisplayName)
	if now.Start != scmDisabled {
		d.Start = differing(wanted.Start, now.Start)
	}
	given := wanted.Password != nil && !wanted.Password.IsZero()
	if given || !sameAccount(wanted.Account, now.Account) {
		d.Account, d.Password = wanted.Account, wanted.Password
	}
	if !slices.EqualFunc(wanted.After, now.After, strings.EqualFold) {
		d.After = wanted.After
	}
	some = d.Type != 0 || d.Start != 0 || d.CommandLine != "" || d.Account != "" || d.DisplayName != "" || d.After != nil
	return d, some
}

// differing is what is wanted, or nothing where it is there.
func differing[T comparable](wanted, now T) T {
	var nothing T
	if wanted == now {
		return nothing
	}
	return wanted
}

func sameAccount(a, b string) bool {
	one, err := access.ParseAccount(a)
	if err != nil {
		return false
	}
	other, err := access.ParseAccount(b)
	return err == nil && strings.EqualFold(one.Name, other.Name)
}

// scmSettings are the optional parts, which are set each time: setting what is
// there already changes nothing.
func scmSettings(w Windows, preShutdown time.Duration) []scmSetting {
	return []scmSetting{
		{Level: scmLevelDescription, Text: w.Description},
		{Level: scmLevelRecovery, Time: failuresFor, Actions: []scmAction{
			{scmActionRestart, restartAfter}, {scmActionRestart, restartAfter}, {scmActionNone, 0},
		}},
		{Level: scmLevelOnErrorEnd, On: true},
		{Level: scmLevelPreShutdown, Time: preShutdown},
		{Level: scmLevelDelayed, On: w.Delayed},
	}
}

// Unregister deletes the service. One that runs, or that another program holds
// open (services.msc does), goes when it stops and is let go of; until then
// Register is ErrDeleting.
func (m *SCMManager) Unregister(ctx context.Context, name string) error {
	calls, err := m.open(ctx, name)
	if err == nil {
		err = calls.Delete(name)
	}
	if number := windowsNumber(err); err == nil || number == WindowsServiceDoesNotExist || number == WindowsMarkedForDelete {
		return nil
	}
	return fmt.Errorf("unregister %q: %w", name, scmTranslate(err, nil))
}
