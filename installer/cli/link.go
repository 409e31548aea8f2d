package cli

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/handoff"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// theLink is what a link is called where one is asked for.
const theLink = "the one-time link"

// linkFlags are the ways to give a one-time link, and its passphrase.
type linkFlags struct {
	stdin          bool
	file           string
	passphraseFile string
}

// register names the flags NAME-stdin and NAME-file.
func (f *linkFlags) register(flags *pflag.FlagSet, name string) {
	flags.BoolVar(&f.stdin, name+"-stdin", false, "read a one-time link to the client secret from stdin")
	flags.StringVar(&f.file, name+"-file", "", "read a one-time link to the client secret from `FILE`")
	flags.StringVar(&f.passphraseFile, "passphrase-file", "", "read the passphrase of the link from `FILE`; also "+envLinkPassphrase)
}

func (f *linkFlags) ways() []settings.Reference {
	var ways []settings.Reference
	if f.stdin {
		ways = append(ways, settings.Reference{Stdin: true, Link: true})
	}
	if f.file != "" {
		ways = append(ways, settings.Reference{File: f.file, Link: true})
	}
	return ways
}

// noLink refuses a link where none can be read.
func (in input) noLink(instead string) error {
	if in.link.IsZero() {
		return nil
	}
	return usage("a one-time link is read by configure and by handoff open alone", "give the secret another way, or use "+instead)
}

// takeLink reads the link that configure was given.
func (a *app) takeLink(ctx context.Context, d session.Deps, f configureFlags, in *input) error {
	switch {
	case in.link.IsZero():
		return nil
	case f.dryRun:
		return usage("a dry run reads no one-time link: it would be used up",
			"read it with installer handoff open, then say --dry-run with --client-secret-file and the file that it names")
	case f.harden || f.restartPending:
		return usage("--harden and --restart-pending take no secret", "leave the link out")
	}
	opened, err := a.openLink(ctx, d, in.link, f.input.link)
	if err == nil {
		in.secrets[settings.ClientSecret] = opened.Value
	}
	return err
}

// openLink reads a link for the environment of this run.
func (a *app) openLink(ctx context.Context, d session.Deps, link secret.Value, f linkFlags) (handoff.Opened, error) {
	passphrase, err := a.passphrase(f.passphraseFile)
	if err != nil {
		return handoff.Opened{}, err
	}
	a.known = append(a.known, link, passphrase)
	req := handoff.OpenRequest{Environment: a.global.environment, Link: link, Passphrase: passphrase}
	if req.Environment, err = a.environment(d); err != nil {
		return handoff.Opened{}, err
	}
	if a.interactive() {
		req.Ask = func(ctx context.Context) (secret.Value, error) {
			value, err := a.asker().Secret(ctx, prompt.Question{Label: "Passphrase of the link", Validate: needed})
			if err != nil {
				return value, asked(err)
			}
			return value, nil
		}
	}
	opened, err := handoff.Open(ctx, d, req)
	a.known = append(a.known, opened.Value)
	return opened, err
}

// passphrase is that of a link: from a file, else from the environment, else none.
func (a *app) passphrase(file string) (secret.Value, error) {
	if file == "" {
		return secret.New(a.world.Getenv(envLinkPassphrase)), nil
	}
	value, err := a.secretFromFile("the passphrase", file)
	if err != nil {
		return value, err
	}
	return withoutLineEnd(value)
}
