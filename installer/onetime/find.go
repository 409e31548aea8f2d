package onetime

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// Find asks a server which product it is and which API it speaks, without a secret.
// A server that is neither, or not of the kind that is wanted, is a *Error with
// NotServer.
func Find(ctx context.Context, o Options) (Server, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	if o.Kind != OnetimeSecret {
		found, err := findSnapPass(ctx, c)
		if found != nil || err != nil {
			return found, err
		}
	}
	if o.Kind != SnapPass {
		found, err := findOnetimeSecret(ctx, c)
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, &Error{Why: NotServer, Host: c.root.Host}
}

// findSnapPass asks for the addresses that take a POST: they answer 405 to HEAD.
func findSnapPass(ctx context.Context, c *client) (Server, error) {
	for _, place := range []struct {
		path string
		old  bool
	}{{v2Passwords, false}, {setPassword, true}} {
		got, err := c.send(ctx, message{method: http.MethodHead, path: []string{place.path}})
		switch {
		case err != nil:
			return nil, asked(err)
		case got.status == http.StatusMethodNotAllowed:
			return &snapPass{c, place.old}, nil
		case got.status != http.StatusNotFound:
			return nil, c.fail(NotServer, got)
		}
	}
	return nil, nil //nolint:nilnil // it is none
}

// findOnetimeSecret asks for the status, which every version tells everybody.
func findOnetimeSecret(ctx context.Context, c *client) (Server, error) {
	for _, version := range []string{"v2", "v1"} {
		got, err := c.send(ctx, message{method: http.MethodGet, path: []string{"api", version, "status"}})
		if err != nil {
			return nil, asked(err)
		}
		var said struct {
			Status string `json:"status"`
		}
		switch {
		case got.status == http.StatusOK && json.Unmarshal(got.body, &said) == nil && strings.EqualFold(said.Status, "nominal"):
			return &onetimeSecret{c, version == "v1"}, nil
		case got.status != http.StatusNotFound:
			return nil, c.fail(NotServer, got)
		}
	}
	return nil, nil //nolint:nilnil // it is none
}

// asked is the failure of a question, which consumes nothing.
func asked(err error) error {
	if failed, ok := err.(*Error); ok && failed.Why == Lost { //nolint:errorlint // made by send itself
		failed.Why = Unreached
	}
	return err
}
