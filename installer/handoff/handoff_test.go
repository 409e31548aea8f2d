package handoff_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/handoff"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/site"
)

const description = `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: acme-portal
version: "1.4"
files:
  - path: %FILE%
    slots:
      - {setting: identity.entra.clientSecret, at: /Secret}
`

// at is a host with the environment PROD.
func at(t *testing.T) handoff.Deps {
	t.Helper()
	root := t.TempDir()
	config := filepath.Join(root, "app.json")
	folder := site.Store{Root: filepath.Join(root, "state")}.Folder("PROD")
	if err := folder.Make(); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		config: `{"Secret": "old"}`, folder.Installation(): strings.Replace(description, "%FILE%", filepath.ToSlash(config), 1),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return handoff.Deps{
		Store: site.Store{Root: filepath.Join(root, "state")}, Host: host.OS{Getenv: os.Getenv}, OneTime: onetime.Find,
		Now: time.Now, Random: strings.NewReader(strings.Repeat("k", 1024)), Version: "1", RunID: "run",
	}
}

// put is a link of somebody else.
func put(t *testing.T, s *onetimetest.Server, passphrase string) secret.Value {
	t.Helper()
	server, err := onetime.Find(t.Context(), onetime.Options{Root: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	placed, err := server.Put(t.Context(), onetime.Offer{Value: secret.New("the value itself"), TTL: time.Hour, Passphrase: secret.New(passphrase)})
	if err != nil {
		t.Fatal(err)
	}
	return placed.Link
}

func TestALinkIsReadOnceByManyHosts(t *testing.T) {
	for _, product := range onetimetest.Products() {
		s := onetimetest.Start(product, false)
		t.Cleanup(s.Close)
		link := put(t, s, "")
		var mu sync.Mutex
		var all sync.WaitGroup
		got, refused := 0, 0
		for range 8 {
			d := at(t)
			all.Go(func() {
				opened, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && opened.Value.Equal(secret.New("the value itself")):
					got++
				case fault.Of(err).Code == fault.LinkRefused && strings.Contains(fault.Of(err).Remedy, "treat the secret as disclosed"):
					refused++
				}
			})
		}
		all.Wait()
		if got != 1 || refused != 7 || s.Given() != 1 {
			t.Errorf("%s: %d hosts have it, %d were refused, it was given %d times; want 1, 7, 1", product, got, refused, s.Given())
		}
	}
}

func TestOpeningAgainAsksNobody(t *testing.T) {
	s := onetimetest.Start(onetimetest.SnapPass, false)
	link, d := put(t, s, ""), at(t)
	first, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	again, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link})
	if err != nil || !again.Before || !again.Value.Equal(first.Value) || again.Path != first.Path {
		t.Errorf("got %+v, %v, want what was kept", again, err)
	}
}

func TestWhoGivesUpWhileALinkIsReadLosesNothing(t *testing.T) {
	s := onetimetest.Start(onetimetest.SnapPass, false)
	t.Cleanup(s.Close)
	link, d := put(t, s, ""), at(t)
	release := s.Hold()
	t.Cleanup(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.Held() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
		release()
	}()
	if _, err := handoff.Open(ctx, d, handoff.OpenRequest{Environment: "PROD", Link: link}); err != nil {
		t.Errorf("got %v, want the value: it was on its way", err)
	}
}

func TestALinkThatWasNotReadCanBeReadAgain(t *testing.T) {
	s := onetimetest.Start(onetimetest.OnetimeSecret, false)
	t.Cleanup(s.Close)
	link, d := put(t, s, "sesame"), at(t)
	open := func(passphrase string) error {
		_, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link, Passphrase: secret.New(passphrase)})
		return err
	}
	for _, wrong := range []string{"", "open", "sesam"} {
		if err := open(wrong); err == nil || !strings.Contains(err.Error(), "nothing was consumed") {
			t.Errorf("%q: got %v, want that nothing was consumed", wrong, err)
		}
	}
	s.AnswerWith(503)
	if err := open("sesame"); err == nil {
		t.Error("got the value of a server that is down")
	}
	s.AnswerWith(0)
	if err := open("sesame"); err != nil {
		t.Error(err)
	}
}

func TestThePassphraseIsAskedForWhereItIsWanted(t *testing.T) {
	s := onetimetest.Start(onetimetest.OnetimeSecret, false)
	t.Cleanup(s.Close)
	asked := 0
	ask := func(context.Context) (secret.Value, error) { asked++; return secret.New("sesame"), nil }
	for _, passphrase := range []string{"", "sesame"} {
		if _, err := handoff.Open(t.Context(), at(t), handoff.OpenRequest{Environment: "PROD", Link: put(t, s, passphrase), Ask: ask}); err != nil {
			t.Error(err)
		}
	}
	if asked != 1 {
		t.Errorf("it was asked for %d times, want once", asked)
	}
}

func TestNothingIsReadThatCannotBeKept(t *testing.T) {
	s := onetimetest.Start(onetimetest.SnapPass, false)
	t.Cleanup(s.Close)
	link, d := put(t, s, ""), at(t)
	if err := os.WriteFile(d.Store.Folder("PROD").Handed(), nil, 0o600); err != nil { // a file where the folder is to be
		t.Fatal(err)
	}
	_, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link})
	if err == nil || s.Given() != 0 {
		t.Errorf("got %v, and the value was given %d times, want an error and 0", err, s.Given())
	}
}

// failing is a server that answers everything with one error.
type failing struct{ err error }

func (failing) Kind() onetime.Kind { return onetime.OnetimeSecret }
func (f failing) Put(context.Context, onetime.Offer) (onetime.Placed, error) {
	return onetime.Placed{}, f.err
}

func (failing) Peek(context.Context, onetime.Link) (onetime.State, error) {
	return onetime.State{}, nil
}

func (f failing) Take(context.Context, onetime.Link, secret.Value) (secret.Value, error) {
	return secret.Value{}, f.err
}

func TestEveryFailureSaysWhatToDo(t *testing.T) {
	link := secret.New("https://one.example/secret/abcdefghijklmnopqrstuvwxyz01234")
	for why, want := range map[onetime.Reason]struct {
		code   fault.Code
		remedy string
	}{
		onetime.Gone:            {fault.LinkRefused, "treat the secret as disclosed"},
		onetime.WrongKey:        {fault.LinkRefused, "nobody got the secret by this link"},
		onetime.WrongPassphrase: {fault.LinkRefused, "--passphrase-file"},
		onetime.NotServer:       {fault.LinkNoAnswer, "without a redirect"},
		onetime.Refused:         {fault.LinkNoAnswer, "without a sign-in"},
		onetime.Unreached:       {fault.LinkNoAnswer, "identity.entra.proxy"},
		onetime.Lost:            {fault.LinkNoAnswer, "looks whether the link still holds the secret"},
	} {
		d := at(t)
		d.OneTime = func(context.Context, onetime.Options) (onetime.Server, error) {
			return failing{&onetime.Error{Why: why, Host: "one.example"}}, nil
		}
		_, err := handoff.Open(t.Context(), d, handoff.OpenRequest{Environment: "PROD", Link: link})
		problem := fault.Of(err)
		if problem.Code != want.code || !strings.Contains(problem.Remedy, want.remedy) {
			t.Errorf("%s: got %s, %q", why, problem.Code, problem.Remedy)
		}
		var cause *onetime.Error
		if !errors.As(err, &cause) || cause.Reason() != string(why) {
			t.Errorf("%s: the reason is not in the chain of %v", why, err)
		}
	}
}

func TestTheTicketHoldsTheLinkOnceAndPrintsNowhereElse(t *testing.T) {
	ticket := handoff.Ticket{
		Tenant: "contoso.example", ClientID: "11111111-0000-4000-8000-000000000002", Server: "https://one.example",
		Until: time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC), Passphrase: true, Link: secret.New("https://one.example/secret/k"),
	}
	want := `Tenant (directory) ID:   contoso.example
Application (client) ID: 11111111-0000-4000-8000-000000000002
Secret ID:               not known here; the portal shows it beside the value
Secret's last day:       not known here; the portal shows it beside the value
One-time link:           https://one.example/secret/k
The link ends:           2026-11-27 09:30 UTC, or when it is opened
Passphrase:              wanted; it comes by another way
`
	if got := ticket.Text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTheDisclosureSaysWhoCanRead(t *testing.T) {
	for want, lines := range map[string][]string{
		"a key that is in the link":                    handoff.Disclosure(onetime.SnapPass, "https://one.example", time.Hour, false),
		"its operator can read it until the link":      handoff.Disclosure(onetime.OnetimeSecret, "https://one.example", time.Hour, false),
		"the passphrase, which it does not store":      handoff.Disclosure(onetime.OnetimeSecret, "https://one.example", time.Hour, true),
		"is sent to https://one.example (SnapPass)":    handoff.Disclosure(onetime.SnapPass, "https://one.example", time.Hour, false),
		"can read the secret while it arrives":         handoff.Disclosure(onetime.SnapPass, "https://one.example", time.Hour, false),
		"whoever opens the link first gets the secret": handoff.Disclosure(onetime.SnapPass, "https://one.example", time.Hour, false),
	} {
		if all := strings.Join(lines, "\n"); !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
}
