package cli_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/term"
)

// portal is an emulator, and a program that wants a token.
type portal struct {
	entra *entratest.Server
	world cli.World
	to    cli.SignInTo
	told  *bytes.Buffer
}

func newPortal(t *testing.T) portal {
	t.Helper()
	p := portal{entra: entratest.Start(t, entratest.State{}), told: &bytes.Buffer{}}
	p.world = cli.World{
		IO:          term.IO{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: p.told},
		Getenv:      func(name string) string { return map[string]string{"LANG": "de_DE.UTF-8"}[name] },
		StdinWithin: time.Second,
	}
	p.world.Deps.Proof.Wait = func(ctx context.Context, _ time.Duration) error { // the user comes when the program waits
		for _, code := range p.entra.DeviceCodes() {
			if err := p.entra.Approve(code.UserCode, ""); err != nil {
				return err
			}
		}
		if ctx.Err() == nil && len(p.entra.DeviceCodes()) == 0 { // the browser's time
			<-ctx.Done()
		}
		return context.Cause(ctx)
	}
	p.to = cli.SignInTo{
		Entra: entra.Options{
			Authority: p.entra.URL(), Tenant: entratest.TenantID, Scope: "https://graph.microsoft.com/.default", CABundle: p.entra.CAPEM(),
		},
		Permission: signin.Read, ClientID: entratest.ClientID,
	}
	return p
}

func (p portal) source(t *testing.T, args ...string) (signin.Source, error) {
	t.Helper()
	var f cli.SignIn
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	f.Register(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	if got, want := f.ReadsStdin(), strings.Contains(strings.Join(args, " "), "token"); got != want {
		t.Errorf("reads stdin: got %t, want %t", got, want)
	}
	return f.Source(t.Context(), p.world, p.to)
}

func (p portal) holder(t *testing.T, args ...string) entratest.Issued {
	t.Helper()
	source, err := p.source(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	value, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	holder, ok := p.entra.Holder(value.Reveal())
	if !ok || strings.Contains(p.told.String(), value.Reveal()) {
		t.Errorf("known: %t; on stderr: %q", ok, p.told)
	}
	return holder
}

func TestPeopleSignInByDeviceCodeUnlessTheySayOtherwise(t *testing.T) {
	p := newPortal(t)
	holder := p.holder(t)
	if holder.User == nil || holder.ClientID != signin.DefaultClientID || strings.Join(holder.Scopes, " ") != signin.Read {
		t.Errorf("got %+v", holder)
	}
	if got := p.told.String(); !strings.Contains(got, "Verwenden Sie einen Webbrowser") || !strings.Contains(got, "https://microsoft.com/devicelogin") {
		t.Errorf("got %q", got)
	}
}

func TestTheBrowserOfTheHostSignsIn(t *testing.T) {
	p := newPortal(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.entra.CAPEM())
	browser := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	p.world.Browse = func(ctx context.Context, address string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			return err
		}
		response, err := browser.Do(request)
		if err != nil {
			return err
		}
		return response.Body.Close()
	}
	if holder := p.holder(t, "--sign-in", "browser"); holder.User == nil {
		t.Errorf("got %+v", holder)
	}
	if got := p.told.String(); !strings.Contains(got, p.entra.URL()+"/"+entratest.TenantID+"/oauth2/v2.0/authorize?") {
		t.Errorf("got %q", got)
	}
}

func TestWhereNoBrowserOpensTheDeviceCodeIsSuggested(t *testing.T) {
	p := newPortal(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	gone := errors.New("the person gives up")
	p.world.IO.Err = writer(func(text string) {
		p.told.WriteString(text)
		if strings.Contains(text, "warning") {
			cancel(gone)
		}
	})
	p.world.Browse = func(context.Context, string) error { return signin.ErrNoBrowser }
	source, err := p.source(t, "--sign-in=browser")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Token(ctx); !errors.Is(err, gone) {
		t.Errorf("got %v, want %v", err, gone)
	}
	if got := p.told.String(); !strings.Contains(got, "no browser can be opened here") || !strings.Contains(got, "--sign-in device-code") {
		t.Errorf("got %q", got)
	}
}

type writer func(string)

func (w writer) Write(p []byte) (int, error) {
	w(string(p))
	return len(p), nil
}

func TestATokenComesFromStdin(t *testing.T) {
	p := newPortal(t)
	p.to.Secret = p.entra.Secret(t, entratest.ClientID)
	own, err := p.source(t, "--sign-in=application")
	if err != nil {
		t.Fatal(err)
	}
	value, err := own.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.world.IO.In = strings.NewReader(`{"accessToken": "` + value.Reveal() + `", "tokenType": "Bearer"}` + "\n")
	if holder := p.holder(t, "--sign-in=token"); holder.ClientID != entratest.ClientID || holder.User != nil {
		t.Errorf("got %+v", holder)
	}
}

func TestASignInThatCannotBeginSaysWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		change func(*portal)
		remedy string
	}{
		"another word":         {[]string{"--sign-in=password"}, func(*portal) {}, "device-code, browser, token or application"},
		"nobody to ask":        {nil, func(p *portal) { p.to.NonInteractive = true }, "--sign-in application"},
		"nobody there":         {[]string{"--sign-in=browser"}, func(p *portal) { p.world.IO.Unattended = true }, "--sign-in token"},
		"no secret":            {[]string{"--sign-in=application"}, func(*portal) {}, "device-code"},
		"nothing on stdin":     {[]string{"--sign-in=token"}, func(*portal) {}, "az account get-access-token"},
		"an authority by http": {nil, func(p *portal) { p.to.Entra.Authority = "http://a" }, "identity.entra.authority"},
	} {
		p := newPortal(t)
		c.change(&p)
		_, err := p.source(t, c.args...)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Usage || !strings.Contains(f.Remedy, c.remedy) {
			t.Errorf("%s: got %v, want %q in the remedy", name, err, c.remedy)
		}
	}
}

func TestAPublicClientOfTheTenantMayBeNamed(t *testing.T) {
	p := newPortal(t)
	const own = "22222222-0000-4000-8000-000000000003"
	if err := p.entra.AddApp(entratest.App{ClientID: own, Public: true}); err != nil {
		t.Fatal(err)
	}
	p.world.Getenv = func(name string) string { return map[string]string{"LC_ALL": "C", "LANG": "de_DE"}[name] }
	if holder := p.holder(t, "--sign-in-client-id", own); holder.ClientID != own {
		t.Errorf("got %+v", holder)
	}
	if got := p.told.String(); !strings.Contains(got, "To sign in, use a web browser") {
		t.Errorf("got %q", got)
	}
	p.to.Secret = secret.New("TST-wrong")
	source, err := p.source(t, "--sign-in=application")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Token(t.Context()); err == nil || strings.Contains(err.Error(), "TST-wrong") {
		t.Errorf("got %v", err)
	}
}
