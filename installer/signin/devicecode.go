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

// RFC 8628 sections 3.2 and 3.5, and bounds of our own.
const (
	defaultInterval = 5 * time.Second
	slowerBy        = 5 * time.Second
	maxPause        = time.Minute
	defaultLifetime = 15 * time.Minute // Microsoft's
	maxCodeLifetime = time.Hour
	maxFailures     = 5 // in a row
	tellEvery       = time.Minute
)

// ByDeviceCode signs a person in who opens a page anywhere and enters a code.
func ByDeviceCode(o Options) (Source, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return keep(c.now, func(ctx context.Context) (token, error) {
		got, err := c.byDeviceCode(ctx)
		if err != nil {
			return token{}, fmt.Errorf("sign in by device code: %w", verdict(err))
		}
		return got, nil
	}), nil
}

// offer is what the device authorization endpoint gives.
type offer struct {
	device   secret.Value
	user     secret.Value
	page     string
	message  secret.Value
	lifetime time.Duration
	interval time.Duration
}

func (c *client) byDeviceCode(ctx context.Context) (token, error) {
	began := c.now()
	given, err := c.deviceCode(ctx)
	if err != nil {
		return token{}, err
	}
	c.Show(Instruction{URL: given.page, Code: given.user, Text: given.message, Within: given.lifetime})
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {c.ClientID},
		"device_code": {given.device.Reveal()},
	}
	told := time.Duration(0)
	for p := (pace{interval: given.interval}); ; {
		elapsed := c.now().Sub(began)
		if elapsed >= given.lifetime {
			return token{}, ErrExpired
		}
		if elapsed >= told {
			c.Progress.Emit(progress.Event{
				Kind: progress.Waiting, Text: "wait for the sign-in", Elapsed: elapsed, Budget: given.lifetime,
			})
			told = elapsed + tellEvery
		}
		if err := c.Wait(ctx, min(p.pause(), given.lifetime-elapsed)); err != nil {
			return token{}, err
		}
		got, err := c.redeem(ctx, form)
		if err == nil {
			return got, nil
		}
		if p, err = p.after(err); err != nil {
			return token{}, err
		}
	}
}

func (c *client) deviceCode(ctx context.Context) (offer, error) {
	address := c.endpoint("devicecode")
	if c.Language != "" {
		address += "?mkt=" + url.QueryEscape(c.Language)
	}
	var body struct {
		Device    string `json:"device_code"`
		User      string `json:"user_code"`
		Page      string `json:"verification_uri"`
		Message   string `json:"message"`
		ExpiresIn int    `json:"expires_in"`
		Interval  int    `json:"interval"`
	}
	err := c.post(ctx, address, url.Values{"client_id": {c.ClientID}, "scope": {c.scope()}}, &body)
	if err != nil {
		return offer{}, err
	}
	page, err := url.Parse(body.Page)
	if err != nil || page.Scheme != "https" || page.Host == "" || body.Device == "" || body.User == "" {
		return offer{}, &exchange.Error{Class: exchange.Protocol, Host: c.host, Status: 200}
	}
	const longest = 600
	return offer{
		device: secret.New(body.Device), user: secret.New(exchange.Plain(body.User, longest)), page: page.String(),
		message:  secret.New(exchange.Plain(body.Message, longest)),
		lifetime: seconds(body.ExpiresIn, defaultLifetime, maxCodeLifetime),
		interval: seconds(body.Interval, defaultInterval, maxPause),
	}, nil
}

// seconds is a time from outside, within bounds.
func seconds(n int, otherwise, most time.Duration) time.Duration {
	if n <= 0 {
		return otherwise
	}
	return min(time.Duration(min(n, int(most/time.Second)))*time.Second, most)
}

// pace is how often the token endpoint is asked.
type pace struct {
	interval time.Duration
	failures int           // of the way there, in a row
	asked    time.Duration // for this once, by the server
}

// pause doubles with each failure, RFC 8628 section 3.5.
func (p pace) pause() time.Duration {
	return max(min(p.interval<<p.failures, max(maxPause, p.interval)), p.asked)
}

// after is the pace after an answer without a token; an error ends the sign-in.
func (p pace) after(err error) (pace, error) {
	var f *exchange.Error
	if !errors.As(err, &f) {
		return p, err
	}
	switch {
	case f.OAuth == "authorization_pending":
		return pace{interval: p.interval}, nil
	case f.OAuth == "slow_down":
		return pace{interval: p.interval + slowerBy}, nil
	case passing(f.Class) && p.failures < maxFailures:
		return pace{interval: p.interval, failures: p.failures + 1, asked: f.RetryAfter}, nil
	}
	return p, err
}

// passing reports what may be better a moment later.
func passing(class exchange.Class) bool {
	return class == exchange.Unreachable || class == exchange.DNS || class == exchange.Transient || class == exchange.Throttled
}
