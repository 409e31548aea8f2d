package cli

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/configure"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/install"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/wizard"
)

// asker asks at the terminal.
func (a *app) asker() prompt.Asker {
	return a.world.Asker(prompt.Dumb(a.world.Getenv(envTerm)), a.color())
}

// askConfigure asks what to change. Without a terminal it names what is
// missing.
func (a *app) askConfigure(ctx context.Context, d session.Deps, req *configure.Request) (input, error) {
	if !a.interactive() {
		return input{}, missing(settings.ClientSecret)
	}
	here, err := d.Open(req.Environment)
	if err != nil {
		return input{}, err
	}
	files, _ := here.ReadFiles() // what cannot be read is not shown; the flow explains it
	asker := a.asker()
	given, err := wizard.Configure(ctx, wizard.Request{
		Asker: asker, Tell: a.tell, AllowGUID: req.AllowGUID,
		Present: func(key string) (string, bool) {
			value, ok := here.Value(files, key)
			switch {
			case !ok || value.IsZero():
				return "", false
			case settings.IsSecret(key):
				return "set, fingerprint " + here.Fingerprint(value), true
			}
			return value.Reveal(), true
		},
	})
	if err != nil {
		return input{}, asked(err)
	}
	req.Approve = func(ctx context.Context, lines []string) (bool, error) {
		return wizard.Confirm(ctx, asker, a.tell, lines)
	}
	return input{answers: given.Answers, secrets: given.Secrets}, nil
}

// askInstall asks for what an installation needs and was not given.
func (a *app) askInstall(ctx context.Context, in input, req *install.Request) (input, error) {
	if !a.interactive() {
		return in, missing(settings.Missing(in.answers, settings.ForInstall)[0])
	}
	asker := a.asker()
	given, err := wizard.Install(ctx, wizard.Request{
		Asker: asker, Tell: a.tell, AllowGUID: req.AllowGUID, Given: in.answers,
		Present: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		return in, asked(err)
	}
	for key, value := range given.Secrets {
		in.secrets[key] = value
	}
	in.answers = settings.Merge(in.answers, given.Answers)
	req.Approve = func(ctx context.Context, lines []string) (bool, error) {
		return wizard.Confirm(ctx, asker, a.tell, lines)
	}
	return in, nil
}

// asked explains why a person could not be asked, or gave up.
func asked(err error) error {
	if errors.Is(err, prompt.ErrNoTerminal) {
		return fault.Wrap(fault.Usage, err, "nothing can be asked here",
			"run it at a terminal, or give the answers with --answers FILE")
	}
	return cancelled(err)
}

// spell tells what a question is about: a heading, and lines below it.
func (a *app) spell(heading string, lines []string) {
	a.tell("")
	a.tell(heading)
	for _, line := range lines {
		a.tell("  " + line)
	}
}

// tell is a line for the person who is asked.
func (a *app) tell(text string) { write(a.world.IO.Err, text+"\n") }
