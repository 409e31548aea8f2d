package signin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/progress"
)

const (
	// browserWithin is how long a person has in the browser.
	browserWithin = 10 * time.Minute
	// farewellWithin is how long the browser has to fetch the last page.
	farewellWithin = 2 * time.Second
)

// Opener opens an address in the person's browser, or says that it cannot. It
// may last as long as the browser.
type Opener func(ctx context.Context, address string) error

// ByBrowser signs a person in at this host, whose browser it opens. Where that
// fails, Show tells, and the person may still open the address by hand.
func ByBrowser(o Options, open Opener) (Source, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return keep(c.now, func(ctx context.Context) (token, error) {
		got, err := c.byBrowser(ctx, open)
		if err != nil {
			return token{}, fmt.Errorf("sign in by the browser: %w", verdict(err))
		}
		return got, nil
	}), nil
}

func (c *client) byBrowser(ctx context.Context, open Opener) (token, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return token{}, fmt.Errorf("listen for the browser: %w", err)
	}
	back := newLoopback(listener)
	defer back.close(ctx)
	verifier := oauth2.GenerateVerifier()
	config := oauth2.Config{
		ClientID: c.ClientID, RedirectURL: back.redirect, Scopes: []string{c.scope()},
		Endpoint: oauth2.Endpoint{AuthURL: c.endpoint("authorize")},
	}
	address := config.AuthCodeURL(back.state, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("prompt", "select_account"))
	told, err := c.await(ctx, back, address, open)
	if err != nil {
		return token{}, err
	}
	if word := told.Get("error"); word != "" {
		return token{}, exchange.Said(c.host, word, told.Get("error_description"))
	}
	return c.redeem(ctx, url.Values{
		"grant_type": {"authorization_code"}, "client_id": {c.ClientID}, "code": {told.Get("code")},
		"redirect_uri": {back.redirect}, "code_verifier": {verifier}, "scope": {c.scope()},
	})
}

// await shows the address, opens it and waits for the one answer.
func (c *client) await(ctx context.Context, back *loopback, address string, open Opener) (url.Values, error) {
	c.Show(Instruction{URL: address, Within: browserWithin})
	opened := make(chan error, 1)
	// The end of the sign-in must not end the person's browser.
	go func() { opened <- open(context.WithoutCancel(ctx), address) }()
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan error, 1)
	go func() { over <- c.Wait(waiting, browserWithin) }()
	c.Progress.Emit(progress.Event{Kind: progress.Waiting, Text: "wait for the sign-in in the browser", Budget: browserWithin})
	for {
		select {
		case told := <-back.came:
			return told, nil
		case err := <-opened:
			if err != nil {
				c.Show(Instruction{URL: address, Within: browserWithin, Problem: err})
			}
		case err := <-over:
			if err != nil {
				return nil, err
			}
			return nil, ErrExpired
		case err := <-back.failed:
			return nil, fmt.Errorf("listen for the browser: %w", err)
		}
	}
}

// close lets the browser fetch the last page, then ends the listener.
func (l *loopback) close(ctx context.Context) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellWithin)
	defer cancel()
	if l.server.Shutdown(last) != nil {
		_ = l.server.Close() // nothing of it outlives the process
	}
}

func (l *loopback) serve(listener net.Listener) {
	if err := l.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		l.failed <- err
	}
}
