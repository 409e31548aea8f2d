package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	// early is how long before its end a token counts as spent.
	early = 5 * time.Minute
	// maxLifetime bounds what an answer says of a token.
	maxLifetime = 24 * time.Hour
)

// token is an access token with its end; zero where that is not known.
type token struct {
	value   secret.Value
	expires time.Time
}

// post sends a form and reads the answer's JSON into a struct.
func (c *client) post(parent context.Context, address string, form url.Values, into any) error {
	ctx, cancel := context.WithTimeout(parent, exchange.Within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("ask %s: the address is none", c.host) // the cause would quote the address
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.way.Ask(request)
	if err != nil {
		return exchange.Ended(parent, err)
	}
	if json.Unmarshal(answer.Body, into) != nil {
		return answer.Odd(c.host) // the cause would quote a value
	}
	return nil
}

// redeem asks the token endpoint.
func (c *client) redeem(ctx context.Context, form url.Values) (token, error) {
	var body struct {
		Access    string      `json:"access_token"`
		ExpiresIn json.Number `json:"expires_in"` // a text in old answers
	}
	asked := c.now()
	if err := c.post(ctx, c.endpoint("token"), form, &body); err != nil {
		return token{}, err
	}
	if body.Access == "" {
		return token{}, &exchange.Error{Class: exchange.Protocol, Host: c.host, Status: http.StatusOK}
	}
	got := token{value: secret.New(body.Access)}
	if seconds, err := body.ExpiresIn.Int64(); err == nil && seconds > 0 {
		got.expires = asked.Add(min(time.Duration(seconds)*time.Second, maxLifetime))
	}
	return got, nil
}

// kept is a Source that signs in where it has no good token.
type kept struct {
	turn   chan struct{} // holds one thing while nobody signs in
	signIn func(context.Context) (token, error)
	now    func() time.Time
	last   token
}

func keep(now func() time.Time, signIn func(context.Context) (token, error)) *kept {
	k := &kept{turn: make(chan struct{}, 1), signIn: signIn, now: now}
	k.turn <- struct{}{}
	return k
}

// Token returns the last token, or signs in.
func (k *kept) Token(ctx context.Context) (secret.Value, error) {
	if ctx.Err() != nil {
		return secret.Value{}, context.Cause(ctx)
	}
	select {
	case <-k.turn:
	case <-ctx.Done():
		return secret.Value{}, context.Cause(ctx)
	}
	defer func() { k.turn <- struct{}{} }()
	if k.last.value.IsZero() || !k.last.expires.IsZero() && !k.now().Before(k.last.expires.Add(-early)) {
		got, err := k.signIn(ctx)
		if err != nil {
			return secret.Value{}, err
		}
		k.last = got
	}
	return k.last.value, nil
}

// ByApplication signs the application itself in, with its client secret: no
// person is needed. The token holds the application permissions that an
// administrator has consented to.
func ByApplication(o Options, clientID string, value secret.Value) (Source, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return keep(c.now, func(ctx context.Context) (token, error) {
		got, err := c.redeem(ctx, url.Values{
			"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {value.Reveal()},
			"scope": {c.Resource + "/.default"},
		})
		if err != nil {
			return token{}, fmt.Errorf("sign in as the application: %w", err)
		}
		return got, nil
	}), nil
}
