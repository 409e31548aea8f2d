package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// The headers of a signed message.
const (
	TimestampHeader = "X-Empower-Timestamp" // Unix seconds
	SignatureHeader = "X-Empower-Signature" // v1= and Sign of timestamp and body
)

// Webhook posts messages.
type Webhook struct {
	URL       secret.Value // https, or http to this host itself
	Key       secret.Value // of the signature; none signs nothing
	Teams     bool         // a card for Microsoft Teams in place of our JSON
	Proxy     string       // "" = from the environment
	CABundle  []byte       // PEM added to the system's roots; nil = none
	UserAgent string
	Now       func() time.Time
}

var _ Sink = Webhook{}

// Sign is HMAC-SHA-256 of the timestamp, a dot and the body, in hex.
func Sign(key secret.Value, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Send posts a message once. Every status from 200 to 299 is good.
func (w Webhook) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	body, err := w.body(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL.Reveal(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("post to the webhook: its address is none: %w", ErrFinal)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", w.UserAgent)
	if !w.Key.IsZero() {
		timestamp := strconv.FormatInt(w.Now().Unix(), 10)
		req.Header.Set(TimestampHeader, timestamp)
		req.Header.Set(SignatureHeader, "v1="+Sign(w.Key, timestamp, body))
	}
	return w.post(ctx, req)
}

func (w Webhook) post(ctx context.Context, req *http.Request) error {
	transport, err := w.transport()
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("post to the webhook at %s: %w", req.URL.Host, w.bare(ctx, err))
	}
	defer resp.Body.Close()                                      //nolint:errcheck // read-only
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // nothing of it is shown
	switch status := resp.StatusCode; {
	case status >= 200 && status <= 299:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("post to the webhook at %s: HTTP %d", req.URL.Host, status)
	default:
		return fmt.Errorf("post to the webhook at %s: HTTP %d: %w", req.URL.Host, status, ErrFinal)
	}
}

// bare is an error without the address, which url.Error repeats.
func (w Webhook) bare(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return errors.New(secret.Mask(err.Error(), w.URL, w.Key))
}

func (w Webhook) transport() (*http.Transport, error) {
	config, err := trusting(w.CABundle)
	if err != nil {
		return nil, err
	}
	through := http.ProxyFromEnvironment
	if w.Proxy != "" {
		proxy, err := url.Parse(w.Proxy)
		if err != nil {
			return nil, fmt.Errorf("the proxy to the webhook is no address: %w", ErrFinal)
		}
		through = http.ProxyURL(proxy)
	}
	return &http.Transport{Proxy: through, TLSClientConfig: config, ForceAttemptHTTP2: true}, nil
}

// trusting trusts the system's roots and those of a bundle.
func trusting(bundle []byte) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if bundle == nil {
		return config, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, fmt.Errorf("the CA bundle holds no certificate: %w", ErrFinal)
	}
	config.RootCAs = roots
	return config, nil
}

// payload is a message as JSON, of which members are only ever added.
type payload struct {
	Version     int               `json:"version"`
	ID          string            `json:"id"`
	At          time.Time         `json:"at"`
	Kind        string            `json:"kind"`
	Severity    Severity          `json:"severity"`
	Environment string            `json:"environment"`
	Host        string            `json:"host"`
	Product     string            `json:"product"`
	Subject     string            `json:"subject"`
	Text        string            `json:"text"`
	Facts       map[string]string `json:"facts,omitempty"`
}

func (w Webhook) body(m Message) ([]byte, error) {
	var content any = card(m)
	if !w.Teams {
		facts := map[string]string{}
		for _, f := range m.Facts {
			facts[f.Name] = f.Value
		}
		content = payload{
			Version: 1, ID: m.ID, At: m.At.UTC(), Kind: m.Kind, Severity: m.Severity, Environment: m.Environment,
			Host: m.Host, Product: m.Product, Subject: m.Subject, Text: m.Text, Facts: facts,
		}
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("encode the message: %w", err)
	}
	return body, nil
}
