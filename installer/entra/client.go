package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Client asks one tenant through HTTP. Each question is a fresh connection, so
// that answers come from different replicas as they would for a backend.
type Client struct {
	options Options
	root    *url.URL
	way     *exchange.Client
}

var _ Authority = (*Client)(nil)

// New makes a Client. The error says what is wrong with the options.
func New(o Options) (*Client, error) {
	root, err := exchange.Root(o.Authority, "the authority")
	if err != nil {
		return nil, err
	}
	way, err := exchange.New(exchange.Options{Proxy: o.Proxy, CABundle: o.CABundle, UserAgent: o.UserAgent, Now: o.Now})
	if err != nil {
		return nil, err
	}
	return &Client{options: o, root: root, way: way}, nil
}

// Discover reads the tenant's OpenID configuration, which needs no credential.
func (c *Client) Discover(parent context.Context) (Tenant, error) {
	ctx, cancel := context.WithTimeout(parent, exchange.Within)
	defer cancel()
	place := c.root.JoinPath(c.options.Tenant, "v2.0", ".well-known", "openid-configuration").String()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, place, http.NoBody)
	if err != nil {
		return Tenant{}, fmt.Errorf("ask for the tenant: %w", err)
	}
	answer, err := c.way.Ask(request)
	if err != nil {
		return Tenant{}, exchange.Ended(parent, noTenant(err))
	}
	var document struct {
		Issuer        string `json:"issuer"`
		TokenEndpoint string `json:"token_endpoint"`
		GraphHost     string `json:"msgraph_host"`
	}
	if json.Unmarshal(answer.Body, &document) != nil || document.TokenEndpoint == "" {
		return Tenant{}, answer.Odd(c.root.Host)
	}
	endpoint, err := url.Parse(document.TokenEndpoint)
	if err != nil || endpoint.Scheme != "https" {
		return Tenant{}, answer.Odd(c.root.Host)
	}
	return Tenant{
		Issuer: document.Issuer, TokenEndpoint: document.TokenEndpoint, Graph: graphRoot(document.GraphHost), Skew: answer.Skew,
	}, nil
}

// graphRoot is the address of the host that the document names, if it is one.
func graphRoot(host string) string {
	root, err := url.Parse("https://" + host)
	if err != nil || root.Host == "" || root.Host != host {
		return ""
	}
	return root.String()
}

// SignIn asks for a token with the client's credentials, in the body of the
// request: oauth2's guessing would ask twice.
func (c *Client) SignIn(parent context.Context, tenant Tenant, clientID string, value secret.Value) (Grant, error) {
	ctx, cancel := context.WithTimeout(parent, exchange.Within)
	defer cancel()
	recorder := &recorder{way: c.way}
	config := clientcredentials.Config{
		ClientID: clientID, ClientSecret: value.Reveal(), TokenURL: tenant.TokenEndpoint,
		Scopes: []string{c.options.Scope}, AuthStyle: oauth2.AuthStyleInParams,
	}
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{
		Transport: recorder, CheckRedirect: neverRedirect,
	}))
	var failure *Error
	switch {
	case errors.As(recorder.err, &failure):
		return Grant{}, exchange.Ended(parent, pasted(failure, value))
	case recorder.err != nil:
		return Grant{}, recorder.err
	case recorder.answer == nil:
		return Grant{}, &Error{Class: Protocol, Host: c.root.Host, Cause: errors.New("the token endpoint is no address")}
	case err != nil:
		return Grant{}, recorder.answer.Odd(recorder.host)
	}
	return grantOf(token, recorder.answer), nil
}

// noTenant is a host without that document: it is not an authority of the
// tenant's cloud.
func noTenant(err error) error {
	var failure *Error
	if errors.As(err, &failure) && failure.Status == http.StatusNotFound && failure.Code == 0 {
		failure.Class = CloudWrong
	}
	return err
}

// recorder is the transport of one oauth2 exchange: it classifies the answer
// before oauth2 makes an error of it that would quote the body.
type recorder struct {
	way    *exchange.Client
	answer *exchange.Answer
	host   string
	err    error
}

// RoundTrip sends the request and keeps the answer.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.host = request.URL.Host
	request = request.Clone(request.Context())
	got, err := r.way.Ask(request)
	if err != nil {
		r.err = err
		return nil, err
	}
	r.answer = got
	return &http.Response{
		StatusCode: got.Status, Header: got.Header, Request: request, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(strings.NewReader(string(got.Body))), ContentLength: int64(len(got.Body)),
	}, nil
}

func neverRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// pasted tells a Secret ID from a wrong secret: both are refused alike.
func pasted(f *Error, value secret.Value) *Error {
	if f.Class == SecretWrong && exchange.IsGUID(value.Reveal()) {
		f.Class = SecretIDPasted
	}
	return f
}
