package onetime

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// onetimeSecret speaks API v2, or v1.
type onetimeSecret struct {
	*client
	v1 bool
}

var _ Server = (*onetimeSecret)(nil)

// Kind is OnetimeSecret.
func (s *onetimeSecret) Kind() Kind { return OnetimeSecret }

// Put stores a value, without an account.
func (s *onetimeSecret) Put(ctx context.Context, o Offer) (Placed, error) {
	ask := s.conceal
	if s.v1 {
		ask = s.share
	}
	request, err := ask(o)
	if err != nil {
		return Placed{}, err
	}
	got, err := s.send(ctx, request)
	if err != nil {
		return Placed{}, err
	}
	key, seconds := placedV2(got.body)
	if s.v1 {
		key, seconds = placedV1(got.body)
	}
	if got.status < 200 || got.status > 299 || key == "" {
		return Placed{}, s.fail(Refused, got)
	}
	return s.placed(linkTo(OnetimeSecret, s.root.String(), key), seconds)
}

func (s *onetimeSecret) share(o Offer) (message, error) {
	form := url.Values{"secret": {o.Value.Reveal()}, "ttl": {strconv.FormatInt(int64(o.TTL/time.Second), 10)}}
	if !o.Passphrase.IsZero() {
		form.Set("passphrase", o.Passphrase.Reveal())
	}
	return message{
		method: http.MethodPost, path: []string{"api/v1/share"}, kind: "application/x-www-form-urlencoded", body: []byte(form.Encode()),
	}, nil
}

func (s *onetimeSecret) conceal(o Offer) (message, error) {
	fields := map[string]any{"kind": "conceal", "secret": o.Value.Reveal(), "ttl": int64(o.TTL / time.Second)}
	if !o.Passphrase.IsZero() {
		fields["passphrase"] = o.Passphrase.Reveal()
	}
	body, err := asJSON(map[string]any{"secret": fields})
	return message{method: http.MethodPost, path: []string{"api/v2/secret/conceal"}, kind: "application/json", body: body}, err
}

func placedV1(body []byte) (key string, seconds int64) {
	var said struct {
		SecretKey string      `json:"secret_key"`
		SecretTTL json.Number `json:"secret_ttl"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", 0
	}
	return said.SecretKey, whole(said.SecretTTL)
}

// placedV2 reads the key, which older versions call key, and the life, which newer
// ones write as a text.
func placedV2(body []byte) (key string, seconds int64) {
	var said struct {
		Record struct {
			Secret struct {
				Identifier string      `json:"identifier"`
				Key        string      `json:"key"`
				TTL        json.Number `json:"secret_ttl"`
			} `json:"secret"`
		} `json:"record"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", 0
	}
	found := said.Record.Secret
	if found.Identifier == "" {
		found.Identifier = found.Key
	}
	return found.Identifier, whole(found.TTL)
}

func whole(n json.Number) int64 {
	f, err := n.Float64()
	if err != nil {
		return 0
	}
	return int64(f)
}

// record is what v2 tells of a secret. Its states are words that grew with the
// versions; one that can be read is none of those that follow reading.
type record struct {
	Record struct {
		State      string `json:"state"`
		Passphrase bool   `json:"has_passphrase"`
		Value      string `json:"secret_value"`
	} `json:"record"`
}

func (r record) there() bool {
	switch r.Record.State {
	case "new", "shared", "viewed", "previewed":
		return true
	}
	return false
}

// Peek asks v2 for the state; v1 tells none to who does not read.
func (s *onetimeSecret) Peek(ctx context.Context, l Link) (State, error) {
	if s.v1 {
		return State{}, nil
	}
	got, err := s.send(ctx, message{method: http.MethodGet, path: []string{"api/v2/secret", l.token.Reveal(), "status"}})
	var said record
	switch {
	case err != nil:
		return State{}, asked(err)
	case got.status == http.StatusNotFound:
		return State{Known: true}, nil
	case got.status == http.StatusOK && json.Unmarshal(got.body, &said) == nil && said.Record.State != "":
		return State{Known: true, There: said.there(), Passphrase: said.Record.Passphrase}, nil
	}
	return State{}, s.fail(Unreached, got)
}

// Take reveals the secret. v1 answers a wrong passphrase as it answers a secret
// that is gone, but for old versions.
func (s *onetimeSecret) Take(ctx context.Context, l Link, passphrase secret.Value) (secret.Value, error) {
	request := message{
		method: http.MethodPost, path: []string{"api/v1/secret", l.token.Reveal()}, kind: "application/x-www-form-urlencoded",
		body: []byte(url.Values{"passphrase": {passphrase.Reveal()}}.Encode()),
	}
	if !s.v1 {
		body, err := asJSON(map[string]any{"passphrase": passphrase.Reveal(), "continue": true})
		if err != nil {
			return secret.Value{}, err
		}
		request.path, request.kind, request.body = []string{"api/v2/secret", l.token.Reveal(), "reveal"}, "application/json", body
	}
	got, err := s.send(ctx, request)
	if err != nil {
		return secret.Value{}, err
	}
	return s.taken(got)
}

func (s *onetimeSecret) taken(got message) (secret.Value, error) {
	var said struct {
		record
		Value   string `json:"value"`
		Message string `json:"message"`
	}
	understood := json.Unmarshal(got.body, &said) == nil
	switch got.status {
	case http.StatusOK:
		value := said.Value + said.Record.Value
		switch {
		case !understood:
			return secret.Value{}, s.fail(Lost, got)
		case value != "":
			return secret.New(value), nil
		case said.there() && said.Record.Passphrase:
			return secret.Value{}, s.fail(WrongPassphrase, got)
		}
		return secret.Value{}, s.fail(Gone, got) // another was faster
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return secret.Value{}, s.fail(WrongPassphrase, got)
	case http.StatusNotFound:
		if strings.Contains(strings.ToLower(said.Message), "passphrase") {
			return secret.Value{}, s.fail(WrongPassphrase, got)
		}
		return secret.Value{}, s.fail(Gone, got)
	}
	return secret.Value{}, s.fail(Lost, got)
}
