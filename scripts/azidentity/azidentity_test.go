// Package azidentity_test proves that Microsoft's own Go client signs in at the
// emulator, so that what the emulator says is what a client of Entra ID
// expects.
package azidentity_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const scope = "https://graph.microsoft.com/.default"

// ask signs in once with a new credential: azidentity keeps tokens.
func ask(t *testing.T, s *entratest.Server, roots *x509.CertPool, tenant, value string) (azcore.AccessToken, error) {
	t.Helper()
	credential, err := azidentity.NewClientSecretCredential(tenant, entratest.ClientID, value, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: options(s, roots), DisableInstanceDiscovery: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
}

// options is the way to the emulator.
func options(s *entratest.Server, roots *x509.CertPool) azcore.ClientOptions {
	transport := &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: s.URL()},
		Transport: &http.Client{Transport: transport},
		Retry:     policy.RetryOptions{MaxRetries: 2, RetryDelay: time.Millisecond},
	}
}

func trusting(s *entratest.Server) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CAPEM())
	return roots
}

// refusal is the AADSTS number that azidentity reports.
func refusal(t *testing.T, err error) int {
	t.Helper()
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil {
		t.Fatalf("got %v, want a refusal with its answer", err)
	}
	defer func() { _ = failed.RawResponse.Body.Close() }()
	var body struct {
		Codes []int `json:"error_codes"`
	}
	if err := json.NewDecoder(failed.RawResponse.Body).Decode(&body); err != nil || len(body.Codes) != 1 {
		t.Fatalf("got codes %v, %v", body.Codes, err)
	}
	return body.Codes[0]
}

func TestMicrosoftsClientSignsIn(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for _, tenant := range []string{entratest.TenantID, entratest.TenantDomain} {
		token, err := ask(t, s, trusting(s), tenant, value)
		if err != nil {
			t.Fatalf("%s: %v", tenant, err)
		}
		if left := time.Until(token.ExpiresOn); token.Token == "" || left < 50*time.Minute || left > time.Hour {
			t.Errorf("%s: got a token of %d bytes for %s", tenant, len(token.Token), left)
		}
	}
	if got := s.TokenRequests(entratest.ClientID, "token"); got != 2 {
		t.Errorf("got %d tokens, want 2", got)
	}
}

func TestMicrosoftsClientReadsTheRefusals(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Expire(entratest.ClientID, p.KeyID); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		knobs entratest.Knobs
		value string
		want  int
	}{
		"wrong":              {entratest.Knobs{}, "TST-wrong", 7000215},
		"wrong, line breaks": {entratest.Knobs{CRLF: true}, "TST-wrong", 7000215},
		"expired":            {entratest.Knobs{}, p.Value.Reveal(), 7000222},
		"blocked":            {entratest.Knobs{Answer: entratest.AADSTS(53003)}, p.Value.Reveal(), 53003},
	} {
		s.Set(c.knobs)
		_, err := ask(t, s, trusting(s), entratest.TenantID, c.value)
		if got := refusal(t, err); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestMicrosoftsClientSeesAFreshSecretSpread(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{Refusals: 1}})
	value := s.Secret(t, entratest.ClientID).Reveal()
	_, err := ask(t, s, trusting(s), entratest.TenantID, value)
	if got := refusal(t, err); got != 7000215 {
		t.Errorf("first: got %d, want 7000215", got)
	}
	if _, err := ask(t, s, trusting(s), entratest.TenantID, value); err != nil {
		t.Errorf("second: %v", err)
	}
}

func TestMicrosoftsClientWaitsWhenItIsTold(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for _, answer := range []entratest.Answer{entratest.Throttled, entratest.AADSTS(90033)} {
		before := s.TokenRequests(entratest.ClientID)
		s.Set(entratest.Knobs{Answer: answer, AnswerCount: 1, RetryAfter: time.Second})
		began := time.Now()
		if _, err := ask(t, s, trusting(s), entratest.TenantID, value); err != nil {
			t.Errorf("%s: %v", answer, err)
		}
		if got := s.TokenRequests(entratest.ClientID) - before; got != 2 || time.Since(began) < time.Second {
			t.Errorf("%s: got %d requests in %s, want 2 with a second between", answer, got, time.Since(began))
		}
	}
}

func TestMicrosoftsClientRefusesAnUnknownAuthorityAndTenant(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	if _, err := ask(t, s, x509.NewCertPool(), entratest.TenantID, value); err == nil {
		t.Error("unknown authority: got a token")
	}
	if _, err := ask(t, s, trusting(s), "33333333-0000-4000-8000-000000000004", value); err == nil {
		t.Error("unknown tenant: got a token")
	}
	if got := s.TokenRequests(entratest.ClientID); got != 0 {
		t.Errorf("got %d token requests, want none", got)
	}
}
