package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// maxNameBytes bounds what is taken over of a display name.
const maxNameBytes = 120

// Client asks Microsoft Graph through HTTP.
type Client struct {
	options Options
	root    *url.URL
	way     *exchange.Client
}

var _ Directory = (*Client)(nil)

// New makes a Client. The error says what is wrong with the options.
func New(o Options) (*Client, error) {
	root, err := exchange.Root(o.Root, "the root of Microsoft Graph")
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	way, err := exchange.New(exchange.Options{Proxy: o.Proxy, CABundle: o.CABundle, UserAgent: o.UserAgent, Now: o.Now})
	if err != nil {
		return nil, err
	}
	return &Client{options: o, root: root, way: way}, nil
}

// ErrClientID says that a client ID is no GUID: it becomes part of an address.
var ErrClientID = errors.New("the client ID is no GUID")

// address is a place below an application, or that of the application itself.
func (c *Client) address(clientID, action string) (*url.URL, error) {
	if !exchange.IsGUID(clientID) {
		return nil, ErrClientID
	}
	return c.root.JoinPath("v1.0", "applications(appId='"+clientID+"')", action), nil
}

// Application reads an application with its password credentials.
func (c *Client) Application(ctx context.Context, clientID string) (Application, error) {
	place, err := c.address(clientID, "")
	if err != nil {
		return Application{}, err
	}
	place.RawQuery = url.Values{"$select": {"id,appId,displayName,createdDateTime,passwordCredentials"}}.Encode()
	var in struct {
		ID          string       `json:"id"`
		AppID       string       `json:"appId"`
		Name        string       `json:"displayName"`
		Created     time.Time    `json:"createdDateTime"`
		Credentials []credential `json:"passwordCredentials"`
	}
	from, err := c.ask(ctx, http.MethodGet, place, nil, &in)
	if err != nil {
		return Application{}, err
	}
	app := Application{
		ObjectID: in.ID, ClientID: in.AppID, Name: exchange.Plain(in.Name, maxNameBytes), Registered: in.Created,
		Now: c.options.Now().Add(from.Skew).UTC(),
	}
	for _, of := range in.Credentials {
		app.Credentials = append(app.Credentials, of.plain())
	}
	return app, nil
}

// AddPassword makes a client secret.
func (c *Client) AddPassword(ctx context.Context, clientID string, wanted Wanted) (Created, error) {
	place, err := c.address(clientID, "addPassword")
	if err != nil {
		return Created{}, err
	}
	out := map[string]any{"passwordCredential": map[string]string{
		"displayName": wanted.Name, "endDateTime": wanted.End.UTC().Format(time.RFC3339),
	}}
	var in struct {
		credential
		Value text `json:"secretText"`
	}
	from, err := c.ask(ctx, http.MethodPost, place, out, &in)
	if err != nil {
		return Created{}, err
	}
	clear(from.Body)
	made := Created{Credential: in.plain(), Value: in.Value.Value}
	if made.KeyID == "" || made.Value.IsZero() {
		return made, from.Odd(c.root.Host)
	}
	return made, nil
}

// RemovePassword removes one client secret.
func (c *Client) RemovePassword(ctx context.Context, clientID, keyID string) error {
	place, err := c.address(clientID, "removePassword")
	if err != nil {
		return err
	}
	_, err = c.ask(ctx, http.MethodPost, place, map[string]string{"keyId": keyID}, nil)
	var refused *Error
	// Its word for it was never captured; nothing else of the request can be wrong.
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		refused.Cause = Gone
	}
	return err
}

// ask sends one request; without into, an answer without a body is due.
func (c *Client) ask(parent context.Context, method string, place *url.URL, body, into any) (*exchange.Answer, error) {
	ctx, cancel := context.WithTimeout(parent, exchange.Within)
	defer cancel()
	request, err := c.request(ctx, method, place, body)
	if err != nil {
		return nil, err
	}
	from, err := c.way.Send(request)
	switch {
	case err != nil:
		return nil, exchange.Ended(parent, err)
	case into == nil && from.Status == http.StatusNoContent:
		return from, nil
	case into == nil || from.Status != http.StatusOK:
		return nil, refusal(place.Host, from)
	}
	if json.Unmarshal(from.Body, into) != nil { // its error may quote a value
		return nil, from.Refused(place.Host)
	}
	return from, nil
}

func (c *Client) request(ctx context.Context, method string, place *url.URL, body any) (*http.Request, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("ask Microsoft Graph: %w", err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, place.String(), content)
	if err != nil {
		return nil, fmt.Errorf("ask Microsoft Graph: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+c.options.Token.Reveal())
	return request, nil
}

// credential is a passwordCredential.
type credential struct {
	KeyID string    `json:"keyId"`
	Name  string    `json:"displayName"`
	Hint  string    `json:"hint"`
	Start time.Time `json:"startDateTime"`
	End   time.Time `json:"endDateTime"`
}

func (c credential) plain() Credential {
	return Credential{
		KeyID: exchange.Plain(c.KeyID, maxWordBytes), Name: exchange.Plain(c.Name, maxNameBytes),
		Hint: exchange.Plain(c.Hint, maxWordBytes), Start: c.Start.UTC(), End: c.End.UTC(),
	}
}

// text is a value that is a secret from the moment it is decoded.
type text struct{ secret.Value }

// UnmarshalJSON reads a JSON string; its error quotes nothing.
func (t *text) UnmarshalJSON(data []byte) error {
	var plain string
	if json.Unmarshal(data, &plain) != nil {
		return errors.New("not a text")
	}
	t.Value = secret.New(plain)
	return nil
}
