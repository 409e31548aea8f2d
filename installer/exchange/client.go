package exchange

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Within bounds one request, connection and body included.
const Within = 10 * time.Second

// Options says by which way to ask.
type Options struct {
	Proxy     string // "" = from the environment
	CABundle  []byte // PEM added to the system's roots; nil = none
	UserAgent string
	Now       func() time.Time // nil is time.Now
}

// Client sends requests. Each is a fresh connection, so that answers come from
// different replicas as they would for another program.
type Client struct {
	options Options
	dial    func() *http.Transport
}

// New makes a Client. The error says what is wrong with the options.
func New(o Options) (*Client, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	dial, err := dialer(o)
	if err != nil {
		return nil, err
	}
	return &Client{options: o, dial: dial}, nil
}

// Send sends one request and returns its answer, whatever its status; it follows
// no redirection. The error is an *Error, or the cause of a cancelled context.
// The request's own context bounds it: WithTimeout(…, Within) is due.
func (c *Client) Send(request *http.Request) (*Answer, error) {
	host := request.URL.Host
	request.Header.Set("User-Agent", c.options.UserAgent)
	request.Header.Set("Accept", "application/json")
	sent := c.options.Now()
	response, err := c.dial().RoundTrip(request)
	if err != nil {
		return nil, unanswered(request.Context(), host, err)
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodyBytes+1))
	if err != nil {
		return nil, unanswered(request.Context(), host, err)
	}
	received := c.options.Now()
	return &Answer{
		Status: response.StatusCode, Header: response.Header, Body: body, huge: len(body) > maxBodyBytes,
		Skew: skewOf(response.Header, sent, received), now: received,
	}, nil
}

// Ask sends one request and returns its answer where that is 200 and JSON; each
// other one is the *Error that it means.
func (c *Client) Ask(request *http.Request) (*Answer, error) {
	got, err := c.Send(request)
	switch {
	case err != nil:
		return nil, err
	case got.Status == http.StatusOK && !got.huge && got.isJSON():
		return got, nil
	}
	return nil, got.Refused(request.URL.Host)
}

// Ended keeps the end of the caller's own context apart from an answer that
// took too long.
func Ended(parent context.Context, err error) error {
	if err != nil && parent.Err() != nil {
		return context.Cause(parent)
	}
	return err
}
