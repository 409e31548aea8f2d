package health

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/proc"
)

const (
	probeWithin    = 5 * time.Second
	maxBodyBytes   = 1 << 20
	maxBundleBytes = 4 << 20
)

// Net asks over the network, or by running a command.
type Net struct{}

var _ Prober = Net{}

// Probe asks once.
func (Net) Probe(ctx context.Context, c Check) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	switch {
	case c.HTTP != "":
		return probeHTTP(ctx, c)
	case c.TCP != "":
		return probeTCP(ctx, c.TCP), nil
	case len(c.Command) > 0:
		return probeCommand(ctx, c.Command)
	}
	return Result{}, errors.New("a health check without http, tcp and command")
}

func probeTCP(ctx context.Context, address string) Result {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return Result{Detail: brief(err)}
	}
	_ = connection.Close() // that it opened is the answer
	return Result{Healthy: true}
}

func probeCommand(ctx context.Context, argv []string) (Result, error) {
	done, err := proc.Run(ctx, proc.Command{Argv: argv, MaxOutputBytes: 1 << 10})
	switch {
	case ctx.Err() != nil:
		return Result{Detail: "the check did not end in time"}, nil //nolint:nilerr // that is an answer
	case err != nil:
		return Result{}, fmt.Errorf("run the health check: %w", err)
	case done.ExitCode != 0:
		return Result{Detail: fmt.Sprintf("the check ended with status %d", done.ExitCode)}, nil
	}
	return Result{Healthy: true}, nil
}

func probeHTTP(ctx context.Context, c Check) (Result, error) {
	client, err := client(c.CABundle)
	if err != nil {
		return Result{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.HTTP, http.NoBody)
	if err != nil {
		return Result{}, fmt.Errorf("the address of the health check: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return Result{Detail: brief(err)}, nil
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodyBytes+1))
	switch {
	case err != nil:
		return Result{Detail: brief(err)}, nil
	case len(body) > maxBodyBytes:
		return Result{Detail: fmt.Sprintf("the answer is larger than %d bytes", maxBodyBytes)}, nil
	}
	return judge(c, response.StatusCode, body), nil
}

// client makes one connection and follows nothing.
func client(bundle string) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if bundle != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("read the system's certificate authorities: %w", err)
		}
		file, err := atomicfile.Read(bundle, maxBundleBytes)
		if err != nil {
			return nil, fmt.Errorf("the CA bundle of the health check: %w", err)
		}
		if !pool.AppendCertsFromPEM(file.Data) {
			return nil, fmt.Errorf("the CA bundle %q holds no certificate in PEM form", bundle)
		}
		config.RootCAs = pool
	}
	return &http.Client{
		// A health check stays on this host or its network: no proxy.
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: config},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

func judge(c Check, status int, body []byte) Result {
	wanted := c.Status
	if wanted == 0 {
		wanted = http.StatusOK
	}
	result := Result{Healthy: status == wanted}
	if !result.Healthy {
		result.Detail = fmt.Sprintf("HTTP %d, want %d", status, wanted)
	}
	if c.Pointer == "" && c.Credential == "" {
		return result
	}
	document, err := parse(body)
	if err != nil {
		if result.Healthy && c.Pointer != "" {
			return Result{Detail: "the answer is no JSON"}
		}
		return result
	}
	result.Credential, _ = at(document, c.Credential)
	if text, found := at(document, c.Pointer); c.Pointer != "" && result.Healthy && (!found || text != c.Equals) {
		result.Healthy, result.Detail = false, fmt.Sprintf("%s of the answer is not %q", c.Pointer, c.Equals)
	}
	return result
}

// parse keeps numbers as they are written.
func parse(body []byte) (any, error) {
	var document any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return document, nil
}

// at reads a text, number or truth value at an RFC 6901 pointer.
func at(document any, pointer string) (string, bool) {
	if pointer == "" {
		return "", false
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		document = child(document, strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	switch value := document.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	case bool:
		return strconv.FormatBool(value), true
	}
	return "", false
}

// child is what a name or index leads to, nil where it leads nowhere.
func child(parent any, token string) any {
	switch value := parent.(type) {
	case map[string]any:
		return value[token]
	case []any:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(value) && strconv.Itoa(i) == token {
			return value[i]
		}
	}
	return nil
}

// brief is the cause of a failed connection without the address, which the
// description has.
func brief(err error) string {
	for number, text := range map[syscall.Errno]string{
		syscall.ECONNREFUSED: "nothing listens there", syscall.ECONNRESET: "the connection was cut",
	} {
		if errors.Is(err, number) {
			return text
		}
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no answer in time"
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}
