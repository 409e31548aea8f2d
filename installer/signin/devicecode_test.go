package signin_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/signin"
)

const s = time.Second

func TestAPersonSignsInByDeviceCode(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	var scopes []string
	p.options.Show = func(signin.Instruction) {
		for _, code := range p.entra.DeviceCodes() {
			scopes = append(scopes, code.Scope)
		}
	}
	p.approveAt(t, 3)
	value, err := p.byDeviceCode(t).Token(t.Context())
	wantUser(t, p.holder(t, value, err), signin.DefaultClientID, signin.Write)
	if want := []string{graph + "/" + signin.Write}; !slices.Equal(scopes, want) {
		t.Errorf("it asked for %q, want %q and no refresh token", scopes, want)
	}
	if want := []time.Duration{5 * s, 5 * s, 5 * s}; !slices.Equal(p.waits, want) {
		t.Errorf("got waits %v, want %v", p.waits, want)
	}
}

func TestThePersonIsShownPageAndCodeInTheirLanguage(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	p.options.Language = "de-DE"
	p.approveAt(t, 1)
	if _, err := p.byDeviceCode(t).Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	shown := p.instructions()
	if len(shown) != 1 || shown[0].URL != "https://microsoft.com/devicelogin" || shown[0].Within != 15*time.Minute {
		t.Fatalf("got %+v", shown)
	}
	text, code := shown[0].Text.Reveal(), shown[0].Code.Reveal()
	if !strings.HasPrefix(text, "Verwenden Sie") || len(code) != 9 || !strings.Contains(text, code) {
		t.Errorf("got %q with %q", text, code)
	}
	if printed := fmt.Sprintf("%v %+v", shown, shown); strings.Contains(printed, code) {
		t.Errorf("the code is printed: %s", printed)
	}
}

func TestAReaderAsksForLessAndNamesItsClient(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	const own = "22222222-0000-4000-8000-000000000003"
	if err := p.entra.AddApp(entratest.App{ClientID: own, Public: true}); err != nil {
		t.Fatal(err)
	}
	p.options.ClientID, p.options.Permission = own, signin.Read
	p.approveAt(t, 1)
	value, err := p.byDeviceCode(t).Token(t.Context())
	wantUser(t, p.holder(t, value, err), own, signin.Read)
}

func TestSlowDownAddsFiveSecondsForGood(t *testing.T) {
	p := begin(t, entratest.Knobs{SlowDowns: 2, DeviceInterval: 3 * s})
	p.approveAt(t, 5)
	if _, err := p.byDeviceCode(t).Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{3 * s, 8 * s, 13 * s, 13 * s, 13 * s}; !slices.Equal(p.waits, want) {
		t.Errorf("got waits %v, want %v", p.waits, want)
	}
}

func TestASignInEndsAsEntraIDSays(t *testing.T) {
	for name, c := range map[string]struct {
		knobs   entratest.Knobs
		meaning error
		class   exchange.Class
	}{
		"not known any more":     {entratest.Knobs{Answer: entratest.AADSTS(70019)}, signin.ErrUnknownCode, exchange.Protocol},
		"expired there":          {entratest.Knobs{Answer: entratest.AADSTS(70020)}, signin.ErrExpired, exchange.Protocol},
		"declined":               {entratest.Knobs{Answer: entratest.AADSTS(70018)}, signin.ErrDeclined, exchange.Protocol},
		"consent declined":       {entratest.Knobs{Answer: entratest.AADSTS(65004)}, signin.ErrDeclined, exchange.Protocol},
		"no consent":             {entratest.Knobs{Answer: entratest.AADSTS(65001)}, signin.ErrConsent, exchange.Protocol},
		"not preauthorised":      {entratest.Knobs{Answer: entratest.AADSTS(65002)}, signin.ErrConsent, exchange.Protocol},
		"blocked":                {entratest.Knobs{Answer: entratest.AADSTS(53003)}, signin.ErrBlocked, exchange.ConditionalAccess},
		"unmanaged device":       {entratest.Knobs{Answer: entratest.AADSTS(50097)}, signin.ErrBlocked, exchange.ConditionalAccess},
		"blocked from the start": {entratest.Knobs{Answer: entratest.AADSTS(53003), AnswerAt: "devicecode"}, signin.ErrBlocked, exchange.ConditionalAccess},
		"not a public client":    {entratest.Knobs{Answer: entratest.AADSTS(7000218)}, signin.ErrClient, exchange.ClientWrong},
		"unknown client":         {entratest.Knobs{Answer: entratest.AADSTS(700016), AnswerAt: "devicecode"}, signin.ErrClient, exchange.ClientWrong},
		"a page":                 {entratest.Knobs{Answer: entratest.ProxyPage, AnswerAt: "devicecode"}, nil, exchange.ProxyPage},
		"no code":                {entratest.Knobs{Answer: entratest.NoToken, AnswerAt: "devicecode"}, nil, exchange.Protocol},
		"a broken token":         {entratest.Knobs{Answer: entratest.Malformed}, nil, exchange.Protocol},
		"no token":               {entratest.Knobs{Answer: entratest.NoToken}, nil, exchange.Protocol},
		"a huge token":           {entratest.Knobs{Answer: entratest.Huge}, nil, exchange.Protocol},
	} {
		t.Run(name, func(t *testing.T) {
			p := begin(t, c.knobs)
			_, err := p.byDeviceCode(t).Token(t.Context())
			wantError(t, name, err, c.meaning, c.class)
			if len(p.waits) > 1 {
				t.Errorf("it went on: %v", p.waits)
			}
		})
	}
}

func TestAnAnswerOfTheUserEndsASignIn(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	p.atWait = func(n int) {
		for _, code := range p.entra.DeviceCodes() {
			if n == 2 {
				_ = p.entra.Decline(code.UserCode) // Token goes on where this fails
			}
		}
	}
	_, err := p.byDeviceCode(t).Token(t.Context())
	wantError(t, "declined", err, signin.ErrDeclined, exchange.Protocol)

	p = begin(t, entratest.Knobs{DevicePolicy: entratest.PolicyAtToken})
	p.approveAt(t, 1)
	_, err = p.byDeviceCode(t).Token(t.Context())
	wantError(t, "policy at the token", err, signin.ErrBlocked, exchange.ConditionalAccess)
}

func TestACodeThatNobodyEntersEndsWithItsTime(t *testing.T) {
	p := begin(t, entratest.Knobs{DevicePolicy: entratest.PolicyAtPage, DeviceLifetime: 2 * time.Minute})
	var told []progress.Event
	p.options.Progress = func(e progress.Event) { told = append(told, e) }
	_, err := p.byDeviceCode(t).Token(t.Context())
	wantError(t, "expired", err, signin.ErrExpired, "")
	var waited time.Duration
	for _, d := range p.waits {
		waited += d
	}
	if waited < 2*time.Minute-s || waited > 2*time.Minute {
		t.Errorf("it waited for %s, want 2 minutes", waited)
	}
	if len(told) != 2 || told[0].Kind != progress.Waiting || told[1].Elapsed < time.Minute || told[1].Budget != 2*time.Minute {
		t.Errorf("got events %+v, want one a minute", told)
	}
}

func TestABrokenWayThereIsWaitedFor(t *testing.T) {
	p := begin(t, entratest.Knobs{Answer: entratest.Cut, AnswerCount: 3})
	p.approveAt(t, 5)
	if _, err := p.byDeviceCode(t).Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{5 * s, 10 * s, 20 * s, 40 * s, 5 * s}; !slices.Equal(p.waits, want) {
		t.Errorf("got waits %v, want %v", p.waits, want)
	}
	p = begin(t, entratest.Knobs{Answer: entratest.Throttled, AnswerCount: 1, RetryAfter: 90 * s})
	p.approveAt(t, 2)
	if _, err := p.byDeviceCode(t).Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{5 * s, 90 * s}; !slices.Equal(p.waits, want) {
		t.Errorf("throttled: got waits %v, want %v", p.waits, want)
	}
	p = begin(t, entratest.Knobs{Answer: entratest.Gateway})
	_, err := p.byDeviceCode(t).Token(t.Context())
	wantError(t, "for good", err, nil, exchange.Transient)
	if want := []time.Duration{5 * s, 10 * s, 20 * s, 40 * s, 60 * s, 60 * s}; !slices.Equal(p.waits, want) {
		t.Errorf("for good: got waits %v, want %v", p.waits, want)
	}
}

func TestTheContextEndsASignIn(t *testing.T) {
	cause := errors.New("the test ends it")
	for name, c := range map[string]struct {
		knobs entratest.Knobs
		end   func(p *place, cancel context.CancelCauseFunc)
	}{
		"while it waits": {entratest.Knobs{}, func(p *place, cancel context.CancelCauseFunc) {
			p.atWait = func(n int) {
				if n == 2 {
					cancel(cause)
				}
			}
		}},
		"while it asks": {entratest.Knobs{Answer: entratest.NoAnswer}, func(_ *place, cancel context.CancelCauseFunc) {
			time.AfterFunc(100*time.Millisecond, func() { cancel(cause) })
		}},
	} {
		p := begin(t, c.knobs)
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		c.end(p, cancel)
		if _, err := p.byDeviceCode(t).Token(ctx); !errors.Is(err, cause) {
			t.Errorf("%s: got %v, want %v", name, err, cause)
		}
	}
}
