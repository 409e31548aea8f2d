package signin_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/signin/signintest"
)

const graph = "https://graph.microsoft.com"

// place is an emulator and a program that signs in there, with one clock that
// moves only when the program waits.
type place struct {
	entra   *entratest.Server
	options signin.Options

	mu     sync.Mutex
	offset time.Duration
	waits  []time.Duration
	shown  []signin.Instruction
	atWait func(n int) // before the n-th wait ends, from 1
}

func begin(t *testing.T, knobs entratest.Knobs) *place {
	t.Helper()
	p := &place{atWait: func(int) {}}
	var err error
	p.entra, err = entratest.New(entratest.Options{
		Now: p.now,
		State: entratest.State{
			Knobs: knobs,
			Apps:  []entratest.App{{ClientID: entratest.ClientID, Roles: []string{"Application.ReadWrite.OwnedBy"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.entra.Close() })
	p.options = signin.Options{
		Authority: p.entra.URL(), Tenant: entratest.TenantID, Resource: graph,
		Way:  exchange.Options{CABundle: p.entra.CAPEM(), UserAgent: "test", Now: p.now},
		Wait: p.wait, Show: p.show,
	}
	return p
}

func (p *place) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Add(p.offset)
}

func (p *place) wait(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p.mu.Lock()
	p.waits = append(p.waits, d)
	p.offset += d
	n := len(p.waits)
	p.mu.Unlock()
	p.atWait(n)
	return context.Cause(ctx)
}

func (p *place) show(i signin.Instruction) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, i)
}

func (p *place) instructions() []signin.Instruction {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}

// approveAt lets the user come at the n-th wait.
func (p *place) approveAt(t *testing.T, n int) {
	t.Helper()
	p.atWait = func(now int) {
		if now != n {
			return
		}
		for _, code := range p.entra.DeviceCodes() {
			if err := p.entra.Approve(code.UserCode, ""); err != nil {
				t.Error(err)
			}
		}
	}
}

func (p *place) byDeviceCode(t *testing.T) signin.Source {
	t.Helper()
	source, err := signin.ByDeviceCode(p.options)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// holder is who has the token, by the emulator.
func (p *place) holder(t *testing.T, value secret.Value, err error) entratest.Issued {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	holder, ok := p.entra.Holder(value.Reveal())
	if !ok {
		t.Fatal("the emulator does not know the token")
	}
	return holder
}

// wantUser looks for the person of the emulator with a permission.
func wantUser(t *testing.T, holder entratest.Issued, client, permission string) {
	t.Helper()
	if holder.User == nil || holder.ClientID != client || strings.Join(holder.Scopes, " ") != permission {
		t.Errorf("got %+v, want a user of %s with %s", holder, client, permission)
	}
}

// wantError looks for a meaning, "" is none, and for a class.
func wantError(t *testing.T, name string, err, meaning error, class exchange.Class) {
	t.Helper()
	var f *exchange.Error
	switch {
	case err == nil:
		t.Errorf("%s: got a token", name)
		return
	case meaning != nil && !errors.Is(err, meaning):
		t.Errorf("%s: got %v, want %v", name, err, meaning)
	case class != "" && (!errors.As(err, &f) || f.Class != class):
		t.Errorf("%s: got %v, want class %s", name, err, class)
	}
	for _, part := range []string{"eyJ", "0.TST", "TST8Q~"} {
		if text := fmt.Sprintf("%v %+v", err, f); strings.Contains(text, part) {
			t.Errorf("%s: the error holds a token, a code or a secret: %s", name, text)
		}
	}
}

func TestAFakeKeepsTheContract(t *testing.T) {
	signintest.Run(t, func(*testing.T) signin.Source { return &signintest.Fake{Value: secret.New("opaque")} })
}

func TestDeviceCodeKeepsTheContract(t *testing.T) {
	signintest.Run(t, func(t *testing.T) signin.Source {
		t.Helper()
		p := begin(t, entratest.Knobs{})
		p.approveAt(t, 2)
		return p.byDeviceCode(t)
	})
}

func TestTheBrowserKeepsTheContract(t *testing.T) {
	signintest.Run(t, func(t *testing.T) signin.Source {
		t.Helper()
		p := begin(t, entratest.Knobs{})
		return p.byBrowser(t, p.browser(t))
	})
}

func TestATokenThatIsGivenKeepsTheContract(t *testing.T) {
	signintest.Run(t, func(t *testing.T) signin.Source {
		t.Helper()
		source, err := signin.ByToken(signin.Options{Resource: graph}, secret.New("opaque"))
		if err != nil {
			t.Fatal(err)
		}
		return source
	})
}

func TestTheApplicationKeepsTheContract(t *testing.T) {
	signintest.Run(t, func(t *testing.T) signin.Source {
		t.Helper()
		p := begin(t, entratest.Knobs{})
		return p.byApplication(t, p.entra.Secret(t, entratest.ClientID))
	})
}

func (p *place) byApplication(t *testing.T, value secret.Value) signin.Source {
	t.Helper()
	source, err := signin.ByApplication(p.options, entratest.ClientID, value)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestTheApplicationSignsItselfIn(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	value := p.entra.Secret(t, entratest.ClientID)
	token, err := p.byApplication(t, value).Token(t.Context())
	holder := p.holder(t, token, err)
	if holder.User != nil || holder.ClientID != entratest.ClientID || strings.Join(holder.Roles, " ") != "Application.ReadWrite.OwnedBy" {
		t.Errorf("got %+v", holder)
	}
	if len(p.instructions()) != 0 {
		t.Error("a person is asked")
	}
	for name, c := range map[string]struct {
		value secret.Value
		knobs entratest.Knobs
		class exchange.Class
	}{
		"wrong":     {secret.New(value.Reveal() + "x"), entratest.Knobs{}, exchange.SecretWrong},
		"throttled": {value, entratest.Knobs{Answer: entratest.Throttled}, exchange.Throttled},
		"no token":  {value, entratest.Knobs{Answer: entratest.NoToken}, exchange.Protocol},
		"broken":    {value, entratest.Knobs{Answer: entratest.Malformed}, exchange.Protocol},
		"a page":    {value, entratest.Knobs{Answer: entratest.ProxyPage}, exchange.ProxyPage},
		"blocked":   {value, entratest.Knobs{Answer: entratest.AADSTS(53003)}, exchange.ConditionalAccess},
	} {
		p.entra.Set(c.knobs)
		_, err := p.byApplication(t, c.value).Token(t.Context())
		wantError(t, name, err, nil, c.class)
	}
}

func TestATokenIsKeptUntilItIsNearlySpent(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	source := p.byApplication(t, p.entra.Secret(t, entratest.ClientID))
	ask := func() secret.Value {
		t.Helper()
		value, err := source.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	first := ask()
	p.move(50 * time.Minute)
	if got := ask(); !got.Equal(first) || p.entra.TokenRequests(entratest.ClientID) != 1 {
		t.Error("after 50 minutes: it signed in again")
	}
	p.move(5 * time.Minute)
	if got := ask(); got.Equal(first) {
		t.Error("after 55 minutes: the token is the old one")
	}
}

func (p *place) move(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.offset += d
}

func TestOptionsThatCannotBeUsed(t *testing.T) {
	for name, o := range map[string]signin.Options{
		"none": {}, "http": {Authority: "http://127.0.0.1:8443"}, "bundle": {Authority: "https://a", Way: exchange.Options{CABundle: []byte("none")}},
	} {
		if _, err := signin.ByDeviceCode(o); err == nil {
			t.Errorf("%s: device code: no error", name)
		}
		if _, err := signin.ByBrowser(o, nil); err == nil {
			t.Errorf("%s: browser: no error", name)
		}
		if _, err := signin.ByApplication(o, "", secret.Value{}); err == nil {
			t.Errorf("%s: application: no error", name)
		}
	}
}
