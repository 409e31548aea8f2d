package kit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"
)

// Get asks for a page and returns its status.
func Get(t *testing.T, client *http.Client, url string) (int, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// SignIn walks through a browser's sign-in at an oauth2-proxy, which redeems the code
// with its client secret. It returns the status of the page that was asked for.
func (a *Authority) SignIn(t *testing.T, listen string) int {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(Read(t, a.CAFile)))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}
	status, err := Get(t, browser, "http://"+listen+"/oauth2/start?rd=%2F")
	if err != nil {
		t.Fatal(err)
	}
	return status
}
