package entratest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

func TestAnswersInPlaceOfTheTruth(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for answer, want := range map[entratest.Answer]struct {
		status int
		kind   string
		text   string
	}{
		entratest.Throttled:     {429, "text/plain", "Too Many Requests"},
		entratest.Gateway:       {502, "text/html; charset=utf-8", "502 Bad Gateway"},
		entratest.ProxyPage:     {200, "text/html; charset=utf-8", "log in"},
		entratest.ProxyAuth:     {407, "text/html; charset=utf-8", "Proxy authentication"},
		entratest.Redirect:      {302, "text/html; charset=utf-8", "moved"},
		entratest.Malformed:     {200, "application/json; charset=utf-8", `"access_token":"eyJ`},
		entratest.NoToken:       {200, "application/json; charset=utf-8", `{"token_type":"Bearer"}`},
		entratest.AADSTS(90033): {503, "application/json; charset=utf-8", "AADSTS90033: A transient error"},
		entratest.AADSTS(53003): {400, "application/json; charset=utf-8", `"suberror":"message_only"`},
		entratest.AADSTS(4711):  {400, "application/json; charset=utf-8", "AADSTS4711: "},
	} {
		s.Set(entratest.Knobs{Answer: answer})
		got := post(t, s, entratest.TenantID, credentials(value))
		if got.status != want.status || got.header.Get("Content-Type") != want.kind || !strings.Contains(got.text, want.text) {
			t.Errorf("%s: got %+v, want %+v", answer, got, want)
		}
	}
}

func TestAnAnswerIsGivenToSoManyRequestsOfItsEndpoint(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	discovery := "/" + entratest.TenantID + "/v2.0/.well-known/openid-configuration"
	s.Set(entratest.Knobs{Answer: entratest.AADSTS(90033), AnswerCount: 2, RetryAfter: 7 * time.Second})
	if got := get(t, s, discovery).status; got != http.StatusOK {
		t.Errorf("discovery: got %d, want 200", got)
	}
	first := post(t, s, entratest.TenantID, credentials(value))
	if got := first.header.Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After: got %q, want %q", got, "7")
	}
	if got := s.Knobs().AnswerCount; got != 1 {
		t.Errorf("got %d answers left, want 1", got)
	}
	if got, want := signIns(t, s, value, 2, nil), "90033 +"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Set(entratest.Knobs{Answer: entratest.AADSTS(90002), AnswerAt: "discovery"})
	if got := get(t, s, discovery).code(t); got != 90002 {
		t.Errorf("discovery: got %d, want 90002", got)
	}
	if got := signIn(t, s, value); got != 0 {
		t.Errorf("token: got %d, want a token", got)
	}
	s.Set(entratest.Knobs{Answer: entratest.Gateway, AnswerAt: "every"})
	if got := get(t, s, discovery).status; got != http.StatusBadGateway {
		t.Errorf("every: got %d, want 502", got)
	}
}

func TestAHugeBodyIsLarge(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	s.Set(entratest.Knobs{Answer: entratest.Huge})
	response, err := browser(t, s).Do(tokenRequest(t, s, entratest.TenantID, credentials("TST-wrong")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	const enough = 4 << 20
	if n, err := io.Copy(io.Discard, io.LimitReader(response.Body, enough)); n != enough || err != nil {
		t.Errorf("got %d bytes and %v, want %d at least", n, err, enough)
	}
}

func TestSlowAndSilentAnswersLastLongerThanAClientWaits(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	for _, answer := range []entratest.Answer{entratest.SlowBody, entratest.NoAnswer} {
		s.Set(entratest.Knobs{Answer: answer})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		response, err := browser(t, s).Do(tokenRequest(t, s, entratest.TenantID, credentials("TST-wrong")).WithContext(ctx))
		if err == nil {
			var text []byte
			text, err = io.ReadAll(response.Body)
			if answer != entratest.SlowBody || !strings.HasPrefix(string(text), "{") {
				t.Errorf("%s: got %q", answer, text)
			}
			_ = response.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want a deadline", answer, err)
		}
		cancel()
	}
}

func TestACutConnectionHasNoAnswer(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	s.Set(entratest.Knobs{Answer: entratest.Cut})
	response, err := browser(t, s).Do(tokenRequest(t, s, entratest.TenantID, credentials("TST-wrong")))
	if err == nil {
		_ = response.Body.Close()
		t.Errorf("got status %d, want no answer", response.StatusCode)
	}
}

func TestTheHandshakeGoesWrongInItsWays(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	for manner, want := range map[entratest.TLS]func(error) bool{
		entratest.TLSGood:      func(err error) bool { return err == nil },
		entratest.TLSOld:       func(err error) bool { return err != nil && strings.Contains(err.Error(), "protocol version") },
		entratest.TLSExpired:   invalid(x509.Expired),
		entratest.TLSEarly:     invalid(x509.Expired),
		entratest.TLSWrongName: func(err error) bool { return errors.As(err, new(x509.HostnameError)) },
		entratest.TLSOtherCA:   func(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) },
	} {
		s.Set(entratest.Knobs{TLS: manner})
		response, err := browser(t, s).Do(tokenRequest(t, s, entratest.TenantID, credentials("TST-wrong")))
		if err == nil {
			_ = response.Body.Close()
		}
		if !want(err) {
			t.Errorf("%q: got %v", manner, err)
		}
	}
}

func invalid(reason x509.InvalidReason) func(error) bool {
	return func(err error) bool {
		var wrong x509.CertificateInvalidError
		return errors.As(err, &wrong) && wrong.Reason == reason
	}
}

func TestTheCertificateHoldsForFurtherHosts(t *testing.T) {
	s, err := entratest.New(entratest.Options{Hosts: []string{"login.test.example"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CAPEM())
	for _, name := range []string{"login.test.example", "localhost", "127.0.0.1"} {
		conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name}}).
			DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL(), "https://"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = conn.Close()
	}
}

func TestKnobsAreTurnedByName(t *testing.T) {
	turned := map[string]string{
		"propagation": "20s", "refusals": "2", "flapping": "true", "clock-offset": "-24h0m0s", "answer": "throttled",
		"answer-count": "3", "answer-at": "every", "retry-after": "5s", "crlf": "true", "token": "v2",
		"foreign-tokens": "true", "tls": "other-ca",
	}
	got, err := entratest.Knobs{}.With(turned)
	if err != nil {
		t.Fatal(err)
	}
	want := entratest.Knobs{
		Propagation: 20 * time.Second, Refusals: 2, Flapping: true, ClockOffset: -24 * time.Hour, Answer: entratest.Throttled,
		AnswerCount: 3, AnswerAt: "every", RetryAfter: 5 * time.Second, CRLF: true, Token: "v2",
		ForeignTokens: true, TLS: entratest.TLSOtherCA,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	again, err := entratest.Knobs{}.With(got.Text())
	if err != nil || again != want {
		t.Errorf("through text: got %+v and %v, want %+v", again, err, want)
	}
}

func TestKnobsThatDoNotExistAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"answers": "53003", "answer": "0", "answer-count": "-1", "propagation": "20", "flapping": "perhaps",
		"tls": "1.3", "token": "v3", "answer-at": "graph",
	} {
		if _, err := (entratest.Knobs{}).With(map[string]string{name: text}); !errors.Is(err, entratest.ErrMalformed) {
			t.Errorf("%s=%s: got %v, want %v", name, text, err, entratest.ErrMalformed)
		}
	}
}
