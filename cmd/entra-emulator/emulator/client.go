package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const (
	askTimeout     = 10 * time.Second
	maxAnswerBytes = 16 << 20
)

// client speaks to the admin API.
type client struct {
	root, token string
	http        *http.Client
}

func newClient(root, caFile, tokenFile string) (*client, error) {
	bundle, err := readBounded(caFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, fmt.Errorf("%s: no certificate in PEM form", caFile)
	}
	token, err := readBounded(tokenFile)
	if err != nil {
		return nil, err
	}
	return &client{
		root: strings.TrimSuffix(root, "/"), token: strings.TrimSpace(string(token)),
		http: &http.Client{Timeout: askTimeout, Transport: &http.Transport{
			// Not through a proxy: the token is for the emulator alone.
			TLSClientConfig: &tls.Config{
				MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: entratest.AdminServerName,
			},
		}},
	}, nil
}

// ask sends in, where there is one, and reads the answer into out, where there
// is one.
func (c *client) ask(method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.root+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: HTTP %d: %w", method, path, response.StatusCode, refusal(text))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

func refusal(text []byte) error {
	var body struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(text, &body); err != nil || body.Error == "" {
		return errors.New("no reason given")
	}
	return errors.New(body.Error)
}
