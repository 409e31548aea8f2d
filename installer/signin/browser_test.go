package signin_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
)

// forever waits as a clock does that a test never reaches.
func forever(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func (p *place) byBrowser(t *testing.T, open signin.Opener) signin.Source {
	t.Helper()
	if p.waits == nil {
		p.options.Wait = forever
	}
	source, err := signin.ByBrowser(p.options, open)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// client is a browser without a window; it follows no redirection.
func (p *place) client(t *testing.T) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.entra.CAPEM())
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// page is a status and a text.
type page struct {
	status int
	text   string
	next   string
}

func get(ctx context.Context, client *http.Client, address string) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return page{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return page{response.StatusCode, string(text), response.Header.Get("Location")}, err
}

// browser opens the address, signs in without a question and comes back.
func (p *place) browser(t *testing.T) signin.Opener {
	t.Helper()
	client := p.client(t)
	return func(ctx context.Context, address string) error {
		sent, err := get(ctx, client, address)
		if err != nil {
			return err
		}
		_, err = get(ctx, client, sent.next)
		return err
	}
}

// visit signs in by a browser that does so, to its end.
func (p *place) visit(t *testing.T, act func(ctx context.Context, address string) error) (secret.Value, error) {
	t.Helper()
	acted := make(chan struct{})
	value, err := p.byBrowser(t, func(ctx context.Context, address string) error {
		defer close(acted)
		return act(ctx, address)
	}).Token(t.Context())
	<-acted
	return value, err
}

func TestAPersonSignsInByTheBrowser(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	var opened, back string
	var last page
	client := p.client(t)
	value, err := p.visit(t, func(ctx context.Context, address string) error {
		sent, err := get(ctx, client, address)
		if err != nil {
			return err
		}
		opened, back = address, sent.next
		last, err = get(ctx, client, back)
		return err
	})
	wantUser(t, p.holder(t, value, err), signin.DefaultClientID, signin.Write)
	wantPKCE(t, opened, back)
	if last.status != http.StatusOK || !strings.Contains(last.text, "can be closed") {
		t.Errorf("got page %+v", last)
	}
	if shown := p.instructions(); len(shown) != 1 || shown[0].URL != opened || shown[0].Problem != nil {
		t.Errorf("got %+v", shown)
	}
	if _, err := get(t.Context(), client, back); err == nil {
		t.Error("it still listens")
	}
}

// wantPKCE looks at the address that was opened, and the one that led back.
func wantPKCE(t *testing.T, opened, back string) {
	t.Helper()
	asked, err := url.Parse(opened)
	if err != nil {
		t.Fatal(err)
	}
	q := asked.Query()
	if q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || len(q.Get("state")) < 26 || q.Has("nonce") {
		t.Errorf("got %v", q)
	}
	if redirect := q.Get("redirect_uri"); !strings.HasPrefix(redirect, "http://localhost:") || !strings.HasPrefix(back, redirect+"/?") {
		t.Errorf("got %q, then %q", redirect, back)
	}
}

func TestOnlyTheAnswerWithTheRightStateIsTakenAndOnlyOnce(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	client := p.client(t)
	var pages []page
	value, err := p.visit(t, func(ctx context.Context, address string) error {
		sent, err := get(ctx, client, address)
		if err != nil {
			return err
		}
		root, _, _ := strings.Cut(sent.next, "?")
		for _, address := range []string{
			root, root + "favicon.ico", root + "?code=0.TSTevil&state=other", root + "?code=0.TSTevil",
			strings.Replace(sent.next, "code=", "other=", 1), sent.next, sent.next,
		} {
			got, err := get(ctx, client, address)
			if err != nil {
				return err
			}
			pages = append(pages, got)
		}
		return nil
	})
	p.holder(t, value, err)
	for i, want := range []int{400, 404, 400, 400, 400, 200} {
		if len(pages) <= i || pages[i].status != want || strings.Contains(pages[i].text, "TST") {
			t.Errorf("request %d: got %+v, want %d", i, pages, want)
		}
	}
	if len(pages) == 7 && pages[6].status != http.StatusGone { // else it had been closed already
		t.Errorf("the second answer: got %+v, want 410", pages[6])
	}
}

func TestARequestForAnotherHostIsNotTaken(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	client := p.client(t)
	var evil int
	value, err := p.visit(t, func(ctx context.Context, address string) error {
		sent, err := get(ctx, client, address)
		if err != nil {
			return err
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, sent.next, http.NoBody)
		if err != nil {
			return err
		}
		request.Host = "evil.example:" + request.URL.Port()
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		evil = response.StatusCode
		if err := response.Body.Close(); err != nil {
			return err
		}
		_, err = get(ctx, client, sent.next)
		return err
	})
	p.holder(t, value, err)
	if evil != http.StatusNotFound {
		t.Errorf("got %d, want 404", evil)
	}
}

func TestARefusalInTheBrowserIsTold(t *testing.T) {
	p := begin(t, entratest.Knobs{DeclineConsent: true})
	_, err := p.byBrowser(t, p.browser(t)).Token(t.Context())
	wantError(t, "consent declined", err, signin.ErrDeclined, exchange.Protocol)
	for number, want := range map[int]error{65001: signin.ErrConsent, 53003: signin.ErrBlocked} {
		p = begin(t, entratest.Knobs{Answer: entratest.AADSTS(number)})
		_, err = p.byBrowser(t, p.browser(t)).Token(t.Context())
		wantError(t, "when the code is redeemed", err, want, "")
	}
}

func TestABrowserThatCannotBeOpenedLeavesTheAddress(t *testing.T) {
	p := begin(t, entratest.Knobs{})
	p.options.Show = func(i signin.Instruction) {
		p.show(i)
		if i.Problem != nil { // the person opens the address by hand
			go func() { _ = p.browser(t)(context.WithoutCancel(t.Context()), i.URL) }() // Token fails where this does
		}
	}
	value, err := p.byBrowser(t, func(context.Context, string) error { return signin.ErrNoBrowser }).Token(t.Context())
	p.holder(t, value, err)
	if shown := p.instructions(); len(shown) != 2 || !errors.Is(shown[1].Problem, signin.ErrNoBrowser) || shown[1].URL != shown[0].URL {
		t.Errorf("got %+v", shown)
	}
}

func TestABrowserThatNobodyAnswersInIsNotWaitedForForEver(t *testing.T) {
	nothing := func(context.Context, string) error { return nil }
	p := begin(t, entratest.Knobs{})
	p.waits = []time.Duration{} // by the clock of the test
	_, err := p.byBrowser(t, nothing).Token(t.Context())
	wantError(t, "late", err, signin.ErrExpired, "")

	p = begin(t, entratest.Knobs{})
	cause := errors.New("the test ends it")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	p.options.Show = func(signin.Instruction) { cancel(cause) }
	if _, err := p.byBrowser(t, nothing).Token(ctx); !errors.Is(err, cause) {
		t.Errorf("got %v, want %v", err, cause)
	}
}

func TestEachSystemHasItsWayToOpenABrowser(t *testing.T) {
	const address = "https://login.example/?a=b&c=d"
	desktop := func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
	none := func(string) string { return "" }
	for _, c := range []struct {
		goos   string
		getenv func(string) string
		want   string
	}{
		{"linux", desktop, "xdg-open " + address},
		{"freebsd", desktop, "xdg-open " + address},
		{"darwin", none, "open " + address},
		{"windows", none, "rundll32 url.dll,FileProtocolHandler " + address},
	} {
		got, err := signin.BrowserCommand(c.goos, c.getenv, address)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.goos, got, err, c.want)
		}
	}
	if _, err := signin.BrowserCommand("linux", none, address); !errors.Is(err, signin.ErrNoBrowser) {
		t.Errorf("without a desktop: got %v, want %v", err, signin.ErrNoBrowser)
	}
}
