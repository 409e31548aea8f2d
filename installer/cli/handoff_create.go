package cli

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/handoff"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/wizard"
)

// defaultTTL is how long a link lives.
const defaultTTL = 24 * time.Hour

// createFlags is the command line of handoff create.
type createFlags struct {
	input          inputFlags
	server, kind   string
	ttl            time.Duration
	passphraseFile string
	passphrase     bool
	expires        string
	credentialID   string
	allowGUID      bool
	window         time.Duration
	yes            bool
}

func (a *app) handoffCreateCommand() *cobra.Command {
	var f createFlags
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Proves a client secret, puts it behind a one-time link, and gives the text for the ticket",
		Long: `Proves a client secret at Entra ID, puts it behind a one-time link at the server that
you name, and gives the text for the ticket: tenant, application, the secret's ID and last
day where they are known, and the link, never the value.

The secret comes as it does to configure: asked for at a terminal, by
--client-secret-stdin, --client-secret-file, --client-secret-keyring,
EMPOWER_ENTRA_CLIENT_SECRET, or a reference in --answers FILE.

There is no default server, and nothing is sent before it was said what the server's
operator could see, and approved: at a terminal, or with --yes.`,
		Example: `  installer handoff create --server https://onetime.example --answers answers.yaml`,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.handoffCreate(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	f.input.register(flags)
	flags.StringVar(&f.server, "server", "", "the `URL` of the server for one-time links, which your organisation trusts")
	flags.StringVar(&f.kind, "kind", "", "snappass or onetimesecret (default: asks the server)")
	flags.DurationVar(&f.ttl, "ttl", defaultTTL, "how long the link lives unless it is opened")
	flags.StringVar(&f.passphraseFile, "passphrase-file", "", "protect the link with the passphrase in `FILE` (Onetime Secret only); also "+envLinkPassphrase)
	flags.BoolVar(&f.passphrase, "passphrase", false, "ask for a passphrase that protects the link (Onetime Secret only)")
	flags.StringVar(&f.expires, "expires", "", "the client secret's last `DATE`, as 2026-12-31")
	flags.StringVar(&f.credentialID, "credential-id", "", "the portal's Secret ID, a `GUID`, for the ticket")
	flags.BoolVar(&f.allowGUID, "allow-guid-secret", false, "accept a secret that looks like a Secret ID")
	flags.DurationVar(&f.window, "validation-window", defaultWindow, "how long to wait until Entra ID accepts a fresh secret")
	flags.BoolVar(&f.yes, "yes", false, "approve the upload; unattended it is needed")
	return cmd
}

func (a *app) handoffCreate(ctx context.Context, f createFlags) error {
	d := a.deps()
	req, err := a.createRequest(ctx, d, f)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed, Environment: req.Environment}, err)
	}
	ticket, r, err := handoff.Create(ctx, d, req)
	if err != nil {
		return a.finish(r, err)
	}
	a.showTicket(ticket, r)
	return nil
}

// showTicket prints the link, the one time that it is printed. It is in no log.
func (a *app) showTicket(t handoff.Ticket, r report.Report) {
	if a.global.output != outputJSON {
		write(a.world.IO.Out, t.Text())
		for _, next := range r.Next {
			write(a.world.IO.Out, "next: "+next+"\n")
		}
		return
	}
	type ticket struct {
		Tenant       string    `json:"tenant"`
		ClientID     string    `json:"clientId"`
		CredentialID string    `json:"credentialId,omitempty"`
		Expires      string    `json:"expires,omitempty"`
		Server       string    `json:"server"`
		Until        time.Time `json:"until"`
		Passphrase   bool      `json:"passphrase"`
		Link         string    `json:"link"`
	}
	out, err := json.MarshalIndent(struct {
		report.Report
		Ticket ticket `json:"ticket"`
	}{r, ticket{t.Tenant, t.ClientID, t.CredentialID, t.Expires, t.Server, t.Until.UTC(), t.Passphrase, t.Link.Reveal()}}, "", "  ")
	if err != nil { // only texts, numbers and lists: it cannot happen
		out = []byte(`{"result":"failed","changed":false,"code":"internal"}`)
	}
	write(a.world.IO.Out, string(out)+"\n")
}

func (f createFlags) check() error {
	switch {
	case f.server == "":
		return usage("no server for one-time links was named, and there is no default",
			"say --server URL with your organisation's own server, of SnapPass or Onetime Secret")
	case onetime.Mentions(f.server):
		return usage("--server is a one-time link", "give the server's address alone; consider the secret behind that link known, and have it made anew")
	case f.kind != "" && f.kind != string(onetime.SnapPass) && f.kind != string(onetime.OnetimeSecret):
		return usage("--kind is neither snappass nor onetimesecret", "say one of them, or leave it out")
	case f.passphrase && f.passphraseFile != "":
		return usage("--passphrase and --passphrase-file exclude each other", "give one of them")
	}
	return nil
}

// createRequest gathers what is given and asks for the rest at a terminal.
func (a *app) createRequest(ctx context.Context, d session.Deps, f createFlags) (handoff.CreateRequest, error) {
	req := handoff.CreateRequest{
		Expires: f.expires, CredentialID: f.credentialID, AllowGUID: f.allowGUID, Window: f.window,
		Server: f.server, Kind: onetime.Kind(f.kind), TTL: f.ttl,
	}
	if err := f.check(); err != nil {
		return req, err
	}
	if !f.yes && !a.interactive() {
		return req, usage("nothing is sent to a server unasked, and there is no terminal to ask at",
			"say --yes where your organisation allows the secret at that server")
	}
	in, err := a.gather(ctx, f.input)
	if err == nil {
		err = in.noLink("installer configure --client-secret-link-stdin")
	}
	if err != nil {
		return req, err
	}
	if req.Environment, err = a.handoffEnvironment(d, in); err != nil {
		return req, err
	}
	if in, err = a.askHandoff(ctx, d, in, req, nil); err != nil {
		return req, err
	}
	if err := a.protect(ctx, f, &req); err != nil {
		return req, err
	}
	req.Values, req.Secrets = in.values(), in.secrets
	a.know(in.secrets)
	if req.Expires == "" {
		req.Expires = req.Values[settings.ClientSecretExpires]
	}
	delete(req.Values, settings.ClientSecretExpires)
	delete(req.Values, settings.Environment)
	if !f.yes {
		req.Approve = a.approveUpload("This will be done, once Entra ID has accepted the secret:")
	}
	return req, errors.Join(checkExpires(req.Expires, d.Now()), checkCredentialID(req.CredentialID))
}

func checkCredentialID(id string) error {
	if guid := (settings.Setting{Kind: settings.GUID}); id != "" && guid.Validate(id) != nil {
		return usage("--credential-id is no GUID", "give the column Secret ID of the portal, not the column Value")
	}
	return nil
}

// handoffEnvironment is the environment that tells tenant and application, where
// there is one on this host.
func (a *app) handoffEnvironment(d session.Deps, in input) (string, error) {
	if a.global.environment == "" {
		a.global.environment = in.text(settings.Environment)
	}
	names, err := d.Store.Environments()
	if err != nil || len(names) == 0 {
		return "", nil //nolint:nilerr // none that this account can see: the answers tell
	}
	if a.global.environment == "" && in.text(settings.TenantID) != "" && in.text(settings.ClientID) != "" {
		return "", nil
	}
	return a.environment(d)
}

// askHandoff asks for what is missing: the secret, what says whose it is, and then
// also for what was not told of it.
func (a *app) askHandoff(ctx context.Context, d session.Deps, in input, req handoff.CreateRequest, also []string) (input, error) {
	present := func(string) (string, bool) { return "", false }
	if req.Environment != "" {
		here, err := d.Open(req.Environment)
		if err != nil {
			return in, err
		}
		files, _ := here.ReadFiles() // what cannot be read is asked for
		present = func(key string) (string, bool) {
			value, ok := here.Value(files, key)
			return value.Reveal(), ok && !value.IsZero() && !settings.IsSecret(key)
		}
	}
	missing := wizard.HandoffMissing(in.answers, present, in.secrets)
	switch {
	case len(missing) == 0:
		return in, nil
	case !a.interactive():
		return in, fault.New(fault.Usage, missing[0]+" is missing, and there is no terminal to ask at",
			"give it in --answers FILE or with --set; installer handoff create --help lists the ways for the client secret")
	}
	given, err := wizard.Handoff(ctx, wizard.Request{
		Asker: a.asker(), Tell: a.tell, AllowGUID: req.AllowGUID, Given: in.answers, Present: present,
	}, append(missing, also...))
	if err != nil {
		return in, asked(err)
	}
	for key, value := range given.Secrets {
		in.secrets[key] = value
	}
	in.answers = settings.Merge(in.answers, given.Answers)
	return in, nil
}

// protect reads or asks for the passphrase.
func (a *app) protect(ctx context.Context, f createFlags, req *handoff.CreateRequest) (err error) {
	req.Passphrase, err = a.passphrase(f.passphraseFile)
	if err == nil && f.passphrase && req.Passphrase.IsZero() {
		req.Passphrase, err = a.asker().Secret(ctx, prompt.Question{Label: "Passphrase that protects the link", Validate: needed})
		if err != nil {
			err = asked(err)
		}
	}
	a.known = append(a.known, req.Passphrase)
	return err
}

func needed(text string) error {
	if text == "" {
		return errors.New("a value is needed")
	}
	return nil
}

// approveUpload says what happens and who could see it, and asks.
func (a *app) approveUpload(heading string) func(ctx context.Context, lines []string) (bool, error) {
	return func(ctx context.Context, lines []string) (bool, error) {
		a.spell(heading, lines)
		return a.asker().Confirm(ctx, prompt.Question{Label: "Send it there?"})
	}
}
