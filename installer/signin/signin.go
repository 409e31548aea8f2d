package signin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// DefaultClientID is Microsoft Graph Command Line Tools, the public client of
// Microsoft's own Connect-MgGraph, which signs in by device code and by the browser
// at http://localhost and asks for the scopes that it is given. Microsoft can
// withdraw it, so it is a setting.
//
// Microsoft, "Connect-MgGraph", learn.microsoft.com/powershell/module/
// microsoft.graph.authentication, 2026; its welcome names the client.
const DefaultClientID = "14d82eec-204b-4c2f-b7e8-296a70dab67e"

// The delegated permissions of Microsoft Graph that this program asks for.
// Microsoft, "application: addPassword", learn.microsoft.com/graph/api, 2026.
const (
	Read  = "Application.Read.All"
	Write = "Application.ReadWrite.All"
)

// What a sign-in ends with that a person can act on.
var (
	ErrDeclined    = errors.New("the sign-in was declined")
	ErrExpired     = errors.New("nobody signed in in time")
	ErrBlocked     = errors.New("a Conditional Access policy forbids this way to sign in")
	ErrClient      = errors.New("people cannot sign in with this client")
	ErrConsent     = errors.New("nobody has consented to what the client asks for")
	ErrUnknownCode = errors.New("the device code is not known any more")
	ErrNoBrowser   = errors.New("no browser can be opened here")
	ErrNoToken     = errors.New("there is no access token in what was given")
	ErrSpent       = errors.New("the access token has expired")
	ErrForeign     = errors.New("the access token is not for Microsoft Graph")
)

// Source gives an access token for Microsoft Graph.
type Source interface {
	// Token signs in where it is due. The context ends it at any time.
	Token(ctx context.Context) (secret.Value, error)
}

// Options says where to sign in, and with whom to speak. Now is that of Way.
type Options struct {
	Authority  string // https root, e.g. https://login.microsoftonline.com
	Tenant     string // GUID or verified domain
	Resource   string // root of Microsoft Graph, e.g. https://graph.microsoft.com
	Way        exchange.Options
	ClientID   string                                           // of the public client; "" is DefaultClientID
	Permission string                                           // Read or Write; "" is Write
	Language   string                                           // of the instruction, e.g. de-DE; "" is English
	Wait       func(ctx context.Context, d time.Duration) error // ends with the context, whose cause it returns; of device code and browser
	Show       func(Instruction)                                // not to a log: it holds a code
	Progress   progress.Func
}

// Instruction is what the person who signs in has to do.
type Instruction struct {
	URL     string       // the page to open
	Code    secret.Value // to enter there; empty where the page needs none
	Text    secret.Value // Entra ID's own words, with page and code; empty where there are none
	Within  time.Duration
	Problem error // why no browser was opened for it; nil where none was tried, or it was
}

// client is what the ways have in common.
type client struct {
	Options
	host string
	way  *exchange.Client
}

func newClient(o Options) (*client, error) {
	root, err := exchange.Root(o.Authority, "the authority")
	if err != nil {
		return nil, err
	}
	if o.Way.Now == nil {
		o.Way.Now = time.Now
	}
	if o.ClientID == "" {
		o.ClientID = DefaultClientID
	}
	if o.Permission == "" {
		o.Permission = Write
	}
	if o.Show == nil {
		o.Show = func(Instruction) {}
	}
	way, err := exchange.New(o.Way)
	if err != nil {
		return nil, err
	}
	return &client{Options: o, host: root.Host, way: way}, nil
}

func (c *client) now() time.Time { return c.Way.Now() }

// scope is the delegated permission with its resource.
func (c *client) scope() string { return c.Resource + "/" + c.Permission }

// endpoint is one of those below the tenant. Their places are documented, so
// nothing is discovered first.
func (c *client) endpoint(name string) string {
	return c.Authority + "/" + url.PathEscape(c.Tenant) + "/oauth2/v2.0/" + name
}

// verdict adds to a refusal what a person can act on.
func verdict(err error) error {
	var f *exchange.Error
	if !errors.As(err, &f) {
		return err
	}
	if meant := meaning(f); meant != nil {
		return fmt.Errorf("%w: %w", meant, err)
	}
	return err
}

// meaning goes by the class and the word; a number only where Entra ID has no
// word for it.
func meaning(f *exchange.Error) error {
	const firstParty, noConsent, declinedConsent, adminConsent = 65002, 65001, 65004, 90094
	switch {
	case f.Class == exchange.ConditionalAccess:
		return ErrBlocked
	case f.SubError == "consent_required", f.OAuth == "consent_required",
		f.Code == noConsent, f.Code == firstParty, f.Code == adminConsent:
		return ErrConsent
	case f.OAuth == "expired_token", f.OAuth == "code_expired":
		return ErrExpired
	case f.OAuth == "bad_verification_code":
		return ErrUnknownCode
	case f.Class == exchange.ClientWrong, f.Class == exchange.AppDisabled, f.Class == exchange.SecretWrong:
		return ErrClient // it is no public one, or not there
	case f.OAuth == "authorization_declined", f.Code == declinedConsent,
		f.OAuth == "access_denied" && f.Class == exchange.Protocol:
		return ErrDeclined
	}
	return nil
}
