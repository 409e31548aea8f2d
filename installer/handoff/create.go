package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// The bounds of a link's life. SnapPass takes 14 days at most.
const (
	minTTL = 5 * time.Minute
	maxTTL = 14 * 24 * time.Hour
)

// CheckTTL refuses a life that no link can have.
func CheckTTL(ttl time.Duration) error {
	if ttl < minTTL || ttl > maxTTL {
		return fmt.Errorf("a link cannot live for %s: between 5m and 336h is possible", ttl)
	}
	return nil
}

// CreateRequest says what to hand over and where.
type CreateRequest struct {
	Environment  string            // "" where there is none on this host
	Values       map[string]string // by key; no secrets
	Secrets      map[string]secret.Value
	Expires      string // the secret's last day; "" when unknown
	CredentialID string // the portal's Secret ID; "" when unknown
	AllowGUID    bool
	Window       time.Duration
	Proven       bool // Entra ID has just accepted it

	Server     string
	Kind       onetime.Kind // "" finds it out
	TTL        time.Duration
	Passphrase secret.Value // zero for none

	// Protect asks for a passphrase where none is given and the server knows one; the
	// zero Value is none. A nil Protect asks for none.
	Protect func(ctx context.Context) (secret.Value, error)

	// Approve is asked before anything is sent to the server but the question
	// which product it is.
	Approve func(ctx context.Context, lines []string) (bool, error)
}

// Deps is the outside world.
type Deps = session.Deps

// Ticket is what support gets.
type Ticket struct {
	Tenant       string
	ClientID     string
	CredentialID string // "" when unknown
	Expires      string // "" when unknown
	Server       string
	Until        time.Time // when the link ends, by the server's word
	Passphrase   bool
	Link         secret.Value // as good as the secret
}

// create is one run.
type create struct {
	deps   Deps
	req    CreateRequest
	get    site.Lookup
	site   site.Site
	value  secret.Value
	report report.Report
}

// Create hands a secret over. The ticket is good where the error is nil.
func Create(ctx context.Context, d Deps, req CreateRequest) (Ticket, report.Report, error) {
	c := &create{deps: d, req: req}
	c.report = report.Report{RunID: d.RunID, Environment: req.Environment, Result: report.Failed}
	ticket, err := c.run(ctx)
	return ticket, c.report, err
}

func (c *create) run(ctx context.Context) (Ticket, error) {
	if err := c.check(); err != nil {
		return Ticket{}, err
	}
	question, err := c.gather()
	if err != nil {
		return Ticket{}, err
	}
	server, err := reach(ctx, c.deps, onetime.Options{
		Root: c.req.Server, Kind: c.req.Kind, Proxy: question.Options.Proxy,
		CABundle: question.Options.CABundle, UserAgent: question.Options.UserAgent,
	})
	if err != nil {
		return Ticket{}, err
	}
	if err := c.protect(ctx, server); err != nil {
		return Ticket{}, err
	}
	if err := c.approve(ctx, server); err != nil {
		return Ticket{}, err
	}
	if err := c.prove(ctx); err != nil {
		return Ticket{}, err
	}
	return c.put(ctx, server, question)
}

// protect settles the passphrase.
func (c *create) protect(ctx context.Context, server onetime.Server) (err error) {
	given := !c.req.Passphrase.IsZero()
	switch {
	case given && server.Kind() == onetime.SnapPass:
		return fault.New(fault.Usage, "SnapPass knows no passphrase", "leave the passphrase out, or name a server of Onetime Secret")
	case !given && server.Kind() == onetime.OnetimeSecret && c.req.Protect != nil:
		c.req.Passphrase, err = c.req.Protect(ctx)
	}
	return err
}

func (c *create) prove(ctx context.Context) error {
	if c.req.Proven {
		return nil
	}
	accepted, err := c.deps.Accepted(ctx, c.get, c.value, c.req.Window)
	for _, w := range accepted.Warnings {
		c.warn(w)
	}
	if err != nil {
		return err
	}
	known, warnings := c.deps.Learn(ctx, accepted, site.Known{ID: c.req.CredentialID, Expires: c.req.Expires})
	for _, w := range warnings {
		c.warn(w)
	}
	c.req.CredentialID, c.req.Expires = known.ID, known.Expires
	return nil
}

// check looks at the request by itself.
func (c *create) check() error {
	if err := onetime.CheckRoot(c.req.Server); err != nil {
		return fault.Wrap(fault.Usage, err, "--server", "name your organisation's own server for one-time links, as https://onetime.example")
	}
	if CheckTTL(c.req.TTL) != nil {
		return fault.New(fault.Usage, fmt.Sprintf("a link cannot live for %s", c.req.TTL), "give --ttl between 5m and 336h, such as 24h")
	}
	given, err := session.Accept(c.req.Values, c.req.Secrets, c.req.AllowGUID)
	if err != nil {
		return err
	}
	if !c.req.Proven { // else they were told then
		for _, note := range given.Notes {
			c.warn(note)
		}
	}
	c.value = given.Wanted[settings.ClientSecret]
	if c.value.IsZero() {
		return fault.New(fault.Usage, settings.ClientSecret+" is missing: it is what is handed over",
			"give the client secret; installer handoff create --help lists the ways")
	}
	c.get = site.Site{}.Lookup(nil, given.Wanted)
	if opened, err := c.deps.Store.Folder(c.req.Environment).Open(settings.Known); err == nil && c.req.Environment != "" {
		files, _ := opened.ReadFiles() // what they do not tell, the answers may
		c.site, c.get = opened, opened.Lookup(files, given.Wanted)
	}
	return nil
}

func (c *create) gather() (site.Question, error) {
	question, err := site.Ask(c.get, c.deps.Version)
	if err != nil {
		return question, explain.Ask(err)
	}
	if c.req.TTL%time.Second != 0 {
		c.req.TTL = c.req.TTL.Truncate(time.Second)
	}
	return question, nil
}

func (c *create) approve(ctx context.Context, server onetime.Server) error {
	if c.req.Approve == nil {
		return nil
	}
	yes, err := c.req.Approve(ctx, Disclosure(server.Kind(), c.req.Server, c.req.TTL, !c.req.Passphrase.IsZero()))
	if err != nil || !yes {
		return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was sent", "run the same command again when it suits")
	}
	return nil
}

// put puts the secret behind a link. Who gives up meanwhile gets the link all the
// same: else it would be there, and nobody would know it.
func (c *create) put(ctx context.Context, server onetime.Server, q site.Question) (Ticket, error) {
	if ctx.Err() != nil {
		return Ticket{}, explain.Cancelled(context.Cause(ctx))
	}
	c.deps.Progress.Say(progress.Step, "put the secret behind a one-time link at "+c.req.Server)
	placed, err := server.Put(context.WithoutCancel(ctx), onetime.Offer{Value: c.value, TTL: c.req.TTL, Passphrase: c.req.Passphrase})
	if err != nil {
		return Ticket{}, explainPut(err)
	}
	c.deps.Progress.Say(progress.Done, "the link is made")
	life := placed.TTL
	if life <= 0 {
		life = c.req.TTL // the server does not tell
	}
	if life != c.req.TTL {
		c.warn(fmt.Sprintf("the server lets the link live for %s, not %s", life, c.req.TTL))
	}
	ticket := Ticket{
		Tenant: q.Options.Tenant, ClientID: q.ClientID, CredentialID: c.req.CredentialID, Expires: c.req.Expires,
		Server: c.req.Server, Until: c.deps.Now().Add(life), Passphrase: !c.req.Passphrase.IsZero(), Link: placed.Link,
	}
	c.remember(&ticket)
	c.report.Result, c.report.Changed = report.Changed, true
	c.report.Credential = &report.Credential{
		ID: ticket.CredentialID, Expires: ticket.Expires, Fingerprint: c.site.Fingerprint(c.value), Validation: site.Proven,
	}
	c.tellNext(ticket)
	return ticket, nil
}

// remember fills in what this host knows of the same secret.
func (c *create) remember(t *Ticket) {
	known := c.site.Record.Credential
	if known == nil || known.Fingerprint == "" || known.Fingerprint != c.site.Fingerprint(c.value) {
		return
	}
	if t.CredentialID == "" {
		t.CredentialID = known.ID
	}
	if t.Expires == "" {
		t.Expires = known.Expires
	}
}

func (c *create) tellNext(t Ticket) {
	c.report.Next = append(c.report.Next, "send this text by the ticket you have; do not open the link yourself: it gives the secret once")
	if t.Passphrase {
		c.report.Next = append(c.report.Next, "tell the passphrase by another way than the ticket, such as the telephone")
	}
	c.report.Next = append(c.report.Next,
		"if it is said that the link was used up, somebody else has read the secret: remove this one in the portal, make another and hand that over",
		"keep the old secret in the portal until it is confirmed that the new one is in use")
}

func (c *create) warn(text string) {
	c.deps.Progress.Say(progress.Warning, text)
	c.report.Warnings = append(c.report.Warnings, text)
}

// reach finds the server out, without a secret.
func reach(ctx context.Context, d Deps, o onetime.Options) (onetime.Server, error) {
	server, err := d.OneTime(ctx, o)
	var form *onetime.FormError
	switch {
	case errors.As(err, &form):
		return nil, fault.Wrap(fault.Usage, err, "the server for one-time links cannot be asked",
			"correct the address, identity.entra.caBundle and identity.entra.proxy")
	case err != nil:
		return nil, explainServer(err)
	}
	return server, nil
}
