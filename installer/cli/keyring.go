package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

func (a *app) keyringCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keyring",
		Short: "Keeps secrets in the operating system's credential store",
		Long: `Keeps secrets in the operating system's credential store.

A NAME is an entry of the account that runs the command. On Windows machine:NAME is
one of the host, for administrators and the system alone: it is there over WinRM, over
SSH and in a task that runs as SYSTEM, where an account has no credential store.`,
		Args: aCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "set NAME",
			Short: "Stores a secret, asked for at a terminal, else read from stdin",
			Args:  oneEntry,
			RunE:  func(cmd *cobra.Command, args []string) error { return a.keyringSet(cmd.Context(), args[0]) },
		},
		&cobra.Command{
			Use:   "delete NAME",
			Short: "Deletes a secret",
			Args:  oneEntry,
			RunE:  func(cmd *cobra.Command, args []string) error { return a.keyringDelete(cmd.Context(), args[0]) },
		},
	)
	return cmd
}

func oneEntry(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("the name of one entry is wanted; a secret is never an argument", "installer keyring set NAME, then type or pipe the secret")
	}
	return nil
}

// ofMachine begins the names of entries of the host.
const ofMachine = "machine:"

// keystore is the store that a name is an entry of, and the entry's name in it.
func (a *app) keystore(name string) (keystore.Store, string) {
	if entry, ok := strings.CutPrefix(name, ofMachine); ok {
		return a.world.Machine(filepath.Join(a.global.state, "keyring")), entry
	}
	return a.world.Keystore, name
}

func (a *app) keyringSet(ctx context.Context, name string) error {
	r := report.Report{Result: report.Failed}
	value, err := a.keyringValue(ctx, name)
	if err == nil {
		store, entry := a.keystore(name)
		err = explainKeyring(store.Set(ctx, entry, value))
	}
	if err == nil {
		r.Result, r.Changed = report.Changed, true
		r.Next = []string{"installer configure --client-secret-keyring " + name}
	}
	return a.finish(r, err)
}

func (a *app) keyringValue(ctx context.Context, name string) (secret.Value, error) {
	var value secret.Value
	var err error
	if a.interactive() {
		value, err = a.asker().Secret(ctx, prompt.Question{Label: "Secret for the entry " + name})
		if err != nil {
			return value, cancelled(err)
		}
	} else if value, err = a.secretFromStdin(ctx, "the secret"); err != nil {
		return value, err
	}
	clean, _, err := settings.LintSecret(value, true)
	if err != nil {
		return value, fault.Wrap(fault.SecretMalformed, err, "the value was not stored", "give the secret's value and nothing else")
	}
	return clean, nil
}

func (a *app) keyringDelete(ctx context.Context, name string) error {
	r := report.Report{Result: report.Failed}
	store, entry := a.keystore(name)
	err := store.Delete(ctx, entry)
	switch {
	case errors.Is(err, keystore.ErrNotFound):
		r.Result = report.Unchanged
		return a.finish(r, nil)
	case err == nil:
		r.Result, r.Changed = report.Changed, true
	}
	return a.finish(r, explainKeyring(err))
}

func explainKeyring(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Usage, err, "the credential store", keyringRemedy(err))
}

// keyringRemedy is what to do about a store that gives or takes nothing.
func keyringRemedy(err error) string {
	switch {
	case errors.Is(err, keystore.ErrNoSession):
		return "give the secret by file or stdin; or run it where the account has signed in with its password: " +
			"at the host, over Remote Desktop, or in a scheduled task that keeps the password; " +
			"an administrator can keep it for the host: installer keyring set machine:NAME"
	case errors.Is(err, keystore.ErrExposed):
		return "take the secret as known, and give the folder with the installer's state to administrators and the system alone; " +
			"then store a new secret"
	case errors.Is(err, keystore.ErrName):
		return "name the entry with letters, digits, dot, - and _"
	case errors.Is(err, keystore.ErrTooLarge):
		return "give the secret's value and nothing else: one of Entra ID has 64 characters at most"
	}
	return "over SSH, WinRM and without a desktop session there is often no credential store: give the secret by file or stdin"
}

func cancelled(err error) error {
	return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was changed", "run the same command again when it suits")
}
