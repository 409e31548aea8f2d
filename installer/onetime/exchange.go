package onetime

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/empowersuite/backend-installer/installer/outbound"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	requestWithin  = 10 * time.Second
	maxAnswerBytes = 1 << 20
)

// Options say where a server is and how to get there.
type Options struct {
	Root      string // https, or http on this very host
	Kind      Kind   // "" looks for each
	Proxy     string // "" = from the environment
	CABundle  []byte // PEM added to the system's roots; nil = none
	UserAgent string
}

// CheckRoot says what is wrong with the address of a server; nil is nothing.
func CheckRoot(text string) error {
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Host == "":
		return &FormError{"the server is no address such as https://onetime.example"}
	case !safe(address):
		return &FormError{"the server is not https: the secret would be read by everybody on the way"}
	case address.RawQuery != "" || address.Fragment != "" || address.User != nil:
		return &FormError{"the server's address carries more than https://, a host and a path"}
	}
	return nil
}

// client exchanges requests with one server.
type client struct {
	root  *url.URL
	dial  func() *http.Transport
	agent string
}

func newClient(o Options) (*client, error) {
	if err := CheckRoot(o.Root); err != nil {
		return nil, err
	}
	root, err := url.Parse(strings.TrimSuffix(o.Root, "/"))
	if err != nil {
		return nil, &FormError{"the server is no address"}
	}
	if onThisHost(root) {
		o.Proxy = "" // no proxy gets there
	}
	dial, err := outbound.Dialer(outbound.Options{Proxy: o.Proxy, CABundle: o.CABundle, Within: requestWithin, Proxied: proxied})
	if err != nil {
		return nil, &FormError{err.Error()}
	}
	return &client{root: root, dial: dial, agent: o.UserAgent}, nil
}

func proxied(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return proxyError(response.StatusCode)
	}
	return nil
}

type proxyError int

func (e proxyError) Error() string { return fmt.Sprintf("the proxy answers with HTTP %d", int(e)) }

// message is a request, or an answer.
type message struct {
	method string
	path   []string // below the root
	kind   string   // of the body
	body   []byte
	status int // of an answer
}

func asJSON(body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, errors.New("the request cannot be written as JSON") // the cause could quote it
	}
	return text, nil
}

// send is one request, never repeated. It is sent by the transport itself, whose
// errors do not quote the address, and follows no redirect.
func (c *client) send(parent context.Context, m message) (message, error) {
	ctx, cancel := context.WithTimeout(parent, requestWithin)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	request, err := http.NewRequestWithContext(ctx, m.method, c.root.JoinPath(m.path...).String(), bytes.NewReader(m.body))
	if err != nil {
		return m, &FormError{"the server's address cannot be used"}
	}
	request.Header.Set("User-Agent", c.agent)
	request.Header.Set("Accept", "application/json")
	if m.kind != "" {
		request.Header.Set("Content-Type", m.kind)
	}
	response, err := c.dial().RoundTrip(request)
	if err != nil {
		return m, c.unanswered(parent, err, sent.Load())
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes+1))
	if err != nil {
		return m, c.unanswered(parent, err, true)
	}
	if len(body) > maxAnswerBytes {
		return m, &Error{Why: Lost, Host: c.root.Host, Cause: fmt.Errorf("the answer is larger than %d bytes", maxAnswerBytes)}
	}
	return message{status: response.StatusCode, body: body, kind: response.Header.Get("Content-Type")}, nil
}

// unanswered tells a request that never left from one that may have arrived.
func (c *client) unanswered(parent context.Context, err error, sent bool) error {
	failed := &Error{Why: Unreached, Host: c.root.Host, Cause: plain(err)}
	if sent {
		failed.Why = Lost
	} else if parent.Err() != nil {
		return context.Cause(parent)
	}
	return failed
}

// plain keeps errors of the way, which say nothing of the server's answer: another
// could quote it.
func plain(err error) error {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var refused proxyError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return dns
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &refused):
		return refused
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Errorf("no answer within %s", requestWithin)
	case errors.As(err, &op):
		return op
	}
	return errors.New("the connection ended without an answer")
}

// fail is an answer that is none of those that the products give.
func (c *client) fail(why Reason, got message) error {
	switch {
	case got.status == http.StatusUnauthorized, got.status == http.StatusForbidden, got.status == http.StatusTooManyRequests:
		why = Refused
	case got.status == http.StatusProxyAuthRequired:
		why = Unreached
	case got.status >= 300 && got.status < 400:
		why = NotServer
	}
	return &Error{Why: why, Host: c.root.Host, Status: got.status}
}

// placed is the answer to a Put: a link at this server, whatever name the server
// gives itself.
func (c *client) placed(link secret.Value, seconds int64) (Placed, error) {
	if _, err := ParseLink(link); err != nil {
		return Placed{}, &Error{Why: NotServer, Host: c.root.Host, Cause: errors.New("the link that it made has not the form of one")}
	}
	return Placed{Link: link, TTL: time.Duration(seconds) * time.Second}, nil
}

// linkTo is the link that people get.
func linkTo(kind Kind, root, token string) secret.Value {
	return Link{Kind: kind, Root: strings.TrimSuffix(root, "/"), token: secret.New(token)}.Whole()
}
