package onetime

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// The addresses of SnapPass's APIs.
const (
	v2Passwords = "api/v2/passwords"
	setPassword = "api/set_password/"
)

// snapPass speaks API v2, or the older one, which makes links that only the page
// reads.
type snapPass struct {
	*client
	old bool
}

var _ Server = (*snapPass)(nil)

// Kind is SnapPass.
func (s *snapPass) Kind() Kind { return SnapPass }

// Put stores a value.
func (s *snapPass) Put(ctx context.Context, o Offer) (Placed, error) {
	if !o.Passphrase.IsZero() {
		return Placed{}, &FormError{"SnapPass knows no passphrase"}
	}
	body, err := asJSON(map[string]any{"password": o.Value.Reveal(), "ttl": int64(o.TTL / time.Second)})
	if err != nil {
		return Placed{}, err
	}
	path := v2Passwords
	if s.old {
		path = setPassword
	}
	got, err := s.send(ctx, message{method: http.MethodPost, path: []string{path}, kind: "application/json", body: body})
	if err != nil {
		return Placed{}, err
	}
	var said struct {
		Token string `json:"token"`
		Link  string `json:"link"`
		TTL   int64  `json:"ttl"`
	}
	if got.status != http.StatusOK || json.Unmarshal(got.body, &said) != nil {
		return Placed{}, s.fail(Refused, got)
	}
	token := said.Token
	if s.old {
		_, last := cutLast(said.Link)
		token, _ = url.QueryUnescape(last) // a token that cannot be is refused below
	}
	return s.placed(linkTo(SnapPass, s.root.String(), token), said.TTL)
}

// Peek asks the API, or the page's preview, for the header alone.
func (s *snapPass) Peek(ctx context.Context, l Link) (State, error) {
	got, err := s.send(ctx, message{method: http.MethodHead, path: s.at(l)})
	switch {
	case err != nil:
		return State{}, asked(err)
	case got.status == http.StatusOK:
		return State{Known: true, There: true}, nil
	case got.status == http.StatusNotFound:
		return State{Known: true}, nil
	}
	return State{}, s.fail(Unreached, got)
}

func (s *snapPass) at(l Link) []string {
	if s.old {
		return []string{l.token.Reveal()}
	}
	return []string{v2Passwords, l.token.Reveal()}
}

// Take reads from the API, or from the page that a POST reveals.
func (s *snapPass) Take(ctx context.Context, l Link, _ secret.Value) (secret.Value, error) {
	method := http.MethodGet
	if s.old {
		method = http.MethodPost
	}
	got, err := s.send(ctx, message{method: method, path: s.at(l)})
	switch {
	case err != nil:
		return secret.Value{}, err
	case got.status == http.StatusNotFound:
		return secret.Value{}, s.fail(Gone, got)
	case got.status == http.StatusInternalServerError:
		return secret.Value{}, s.fail(WrongKey, got)
	case got.status != http.StatusOK:
		return secret.Value{}, s.fail(Lost, got)
	}
	value, ok := fromPage(string(got.body))
	if !s.old {
		var said struct {
			Password string `json:"password"`
		}
		ok = json.Unmarshal(got.body, &said) == nil && said.Password != ""
		value = said.Password
	}
	if !ok {
		return secret.Value{}, s.fail(Lost, got)
	}
	return secret.New(value), nil
}

// fromPage finds the value in the page of SnapPass's templates/password.html: the
// element password-text is a text area, in older versions an input.
func fromPage(page string) (string, bool) {
	tag := regexp.MustCompile(`(?s)<(input|textarea)\b[^>]*\bid="password-text"[^>]*>`).FindStringIndex(page)
	if tag == nil {
		return "", false
	}
	element, rest := page[tag[0]:tag[1]], page[tag[1]:]
	if strings.HasPrefix(element, "<textarea") {
		text, _, closed := strings.Cut(rest, "</textarea>")
		return html.UnescapeString(text), closed && text != ""
	}
	value := regexp.MustCompile(`\bvalue="([^"]*)"`).FindStringSubmatch(element)
	if value == nil || value[1] == "" {
		return "", false
	}
	return html.UnescapeString(value[1]), true
}
