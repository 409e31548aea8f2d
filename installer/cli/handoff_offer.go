package cli

import (
	"context"
	"errors"
	"time"

	"github.com/empowersuite/backend-installer/installer/configure"
	"github.com/empowersuite/backend-installer/installer/handoff"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// askHandedOver asks for the secret of a backend that the vendor runs, and has
// configure offer a one-time link for it.
func (a *app) askHandedOver(ctx context.Context, d session.Deps, f configureFlags, in input, req *configure.Request) (input, error) {
	var also []string
	if f.expires == "" && in.text(settings.ClientSecretExpires) == "" {
		also = append(also, settings.ClientSecretExpires)
	}
	if f.credentialID == "" && in.text(settings.ClientSecretID) == "" {
		also = append(also, settings.ClientSecretID)
	}
	here := handoff.CreateRequest{AllowGUID: f.allowGUID}
	if _, err := d.Store.Folder(req.Environment).Open(settings.Known); err == nil {
		here.Environment = req.Environment // else there is none on this host
	}
	in, err := a.askHandoff(ctx, d, in, here, also)
	if a.global.output != outputJSON { // which is one object
		// With all that is gathered until then.
		req.HandOver = func(ctx context.Context, known site.Known) (bool, error) {
			req.Known = known
			return a.offerHandoff(ctx, d, *req)
		}
	}
	return in, err
}

// offerHandoff hands over a secret that was just proven, where the person wants that.
func (a *app) offerHandoff(ctx context.Context, d session.Deps, req configure.Request) (bool, error) {
	a.tell("")
	yes, err := a.asker().Confirm(ctx, prompt.Question{
		Label: "Make a one-time link for support now?",
		Help:  "it needs a server for one-time links that your organisation trusts, of SnapPass or Onetime Secret; nothing is sent before you have seen what its operator could see",
	})
	if err != nil {
		return false, asked(err)
	}
	if !yes {
		return false, nil
	}
	create := handoff.CreateRequest{
		Environment: req.Environment, Values: req.Values, Secrets: req.Secrets, Expires: req.Known.Expires, CredentialID: req.Known.ID,
		AllowGUID: req.AllowGUID, Window: req.Window, Proven: true, Protect: a.askPassphrase, Approve: a.approveUpload("This will be done:"),
	}
	if create.Server, create.TTL, err = a.askServer(ctx); err != nil {
		return false, asked(err)
	}
	ticket, r, err := handoff.Create(ctx, d, create)
	if err != nil {
		return false, err
	}
	a.showTicket(ticket, r)
	return true, nil
}

// askServer asks where the link is to be, and for how long.
func (a *app) askServer(ctx context.Context) (server string, ttl time.Duration, err error) {
	server, err = a.asker().Text(ctx, prompt.Question{
		Label: "Server for one-time links", Help: "its address, as https://onetime.example; there is no default", Validate: checkServer,
	})
	if err != nil {
		return "", 0, err
	}
	text, err := a.asker().Text(ctx, prompt.Question{
		Label: "How long the link lives unless it is opened", Default: "24h", Validate: checkTTL,
	})
	if err != nil {
		return "", 0, err
	}
	ttl, err = time.ParseDuration(text)
	return server, ttl, err
}

func checkTTL(text string) error {
	ttl, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("that is no time such as 24h or 90m")
	}
	return handoff.CheckTTL(ttl)
}

// checkServer is about what is typed in place of a server, and quotes none of it.
func checkServer(text string) error {
	switch {
	case text == "":
		return errors.New("a server is needed")
	case onetime.Mentions(text):
		return errors.New("that is a one-time link: give the server's address alone; consider the secret behind that link known, and have it made anew")
	}
	return onetime.CheckRoot(text)
}

// askPassphrase asks for a passphrase; Enter is none.
func (a *app) askPassphrase(ctx context.Context) (secret.Value, error) {
	value, err := a.asker().Secret(ctx, prompt.Question{
		Label: "Passphrase that protects the link", Help: "Enter for none; tell it by another way than the link",
	})
	if err != nil {
		return value, asked(err)
	}
	a.known = append(a.known, value)
	return value, nil
}
