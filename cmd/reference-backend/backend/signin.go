package backend

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const signInTimeout = 10 * time.Second

// refusal is a sign-in that failed, as the health body shows it.
type refusal struct {
	Code    int    `json:"code,omitempty"` // AADSTS
	Message string `json:"message"`
}

// account signs in; each time over a fresh connection, so that a change on the
// way (proxy, certificate) is noticed.
type account struct {
	credentials clientcredentials.Config
	client      *http.Client
}

func newAccount(c Config) (*account, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a host without authorities may still bring a bundle
	}
	if len(c.CABundle) > 0 && !roots.AppendCertsFromPEM(c.CABundle) {
		return nil, errors.New("Diagnostics:CABundle: no certificate in PEM form")
	}
	through := http.ProxyFromEnvironment
	if c.Proxy != nil {
		through = http.ProxyURL(c.Proxy)
	}
	return &account{
		credentials: clientcredentials.Config{
			ClientID: c.ClientID, ClientSecret: c.Secret.Reveal(), TokenURL: c.TokenURL,
			Scopes: []string{c.Scope}, AuthStyle: oauth2.AuthStyleInParams,
		},
		client: &http.Client{
			Transport: &http.Transport{
				Proxy: through, DisableKeepAlives: true,
				TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// signIn is nil when a token came; the token itself is of no use here.
func (a *account) signIn(ctx context.Context) *refusal {
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	_, err := a.credentials.Token(context.WithValue(ctx, oauth2.HTTPClient, a.client))
	if err == nil {
		return nil
	}
	return explain(err)
}

// explain keeps what Entra ID says about the request. The body as a whole and
// x/oauth2's own texts may quote an answer, so they are dropped.
func explain(err error) *refusal {
	var answer *oauth2.RetrieveError
	var dialed *url.Error
	switch {
	case errors.As(err, &answer):
		return fromAnswer(answer)
	case errors.As(err, &dialed):
		return &refusal{Message: "no answer from Entra ID: " + dialed.Err.Error()}
	default:
		return &refusal{Message: "an answer that is not a token"}
	}
}

func fromAnswer(answer *oauth2.RetrieveError) *refusal {
	if answer.ErrorCode == "" {
		return &refusal{Message: fmt.Sprintf("no OAuth answer, HTTP status %d", answer.Response.StatusCode)}
	}
	var body struct {
		Codes []int `json:"error_codes"`
	}
	r := &refusal{Message: answer.ErrorCode}
	if err := json.Unmarshal(answer.Body, &body); err == nil && len(body.Codes) > 0 {
		r.Code = body.Codes[0]
	}
	if sentence, _, _ := strings.Cut(answer.ErrorDescription, "Trace ID:"); sentence != "" {
		r.Message = strings.TrimSpace(sentence)
	}
	return r
}
