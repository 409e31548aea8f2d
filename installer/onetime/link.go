package onetime

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// maxLinkBytes bounds a link; those of both products are shorter than 300.
const maxLinkBytes = 4 << 10

// fernetChars is the length of SnapPass's key: 32 bytes in base64.
const fernetChars = 44

// Link is a link whose form was checked. It prints as its product and its server.
type Link struct {
	Kind  Kind
	Root  string // the server's address; it holds no secret
	token secret.Value
}

// String is the product and the server.
func (l Link) String() string { return fmt.Sprintf("a link of %s at %s", l.Kind, l.Root) }

// Whole is the link in one form, whichever form it was given in: two Links are of
// the same secret where their Wholes are equal.
func (l Link) Whole() secret.Value {
	if l.Kind == OnetimeSecret {
		return secret.New(l.Root + "/secret/" + l.token.Reveal())
	}
	return secret.New(l.Root + "/" + url.QueryEscape(l.token.Reveal()))
}

// FormError says why a text is no link. It does not quote it.
type FormError struct{ Says string }

// Error is what it says.
func (e *FormError) Error() string { return e.Says }

// ParseLink reads a link of SnapPass, of the page or of the API, or of Onetime
// Secret. Blanks and angle brackets around it do not matter. The error is a
// *FormError.
func ParseLink(v secret.Value) (Link, error) {
	text := strings.Trim(v.Reveal(), "<> \t\r\n")
	if len(text) > maxLinkBytes || strings.ContainsAny(text, " \t\r\n") {
		return Link{}, &FormError{"it is more than one link: copy the link and nothing else"}
	}
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Host == "":
		return Link{}, &FormError{"it is no address such as https://onetime.example/..."}
	case !safe(address):
		return Link{}, &FormError{"it is not https: what is behind it would be read by everybody on the way"}
	case address.RawQuery != "" || address.Fragment != "" || address.User != nil:
		return Link{}, &FormError{"it carries more than a link of such a server, as when a mail filter has wrapped it: ask for the link as it was made"}
	}
	return place(address)
}

// place tells the products' links apart.
func place(address *url.URL) (Link, error) {
	folder, last := cutLast(address.Path)
	root := func(path string) string { return address.Scheme + "://" + address.Host + strings.TrimSuffix(path, "/") }
	if before, ok := strings.CutSuffix(folder, "/secret"); ok && matches(`^[A-Za-z0-9]{20,128}$`, last) {
		return Link{Kind: OnetimeSecret, Root: root(before), token: secret.New(last)}, nil
	}
	storage, key, keyed := strings.Cut(last, "~")
	switch {
	case !matches(`^[A-Za-z0-9_.:-]{0,64}[0-9a-f]{32}$`, storage):
		return Link{}, &FormError{"it is no link of SnapPass or Onetime Secret, or a part of it is missing"}
	case !keyed:
		return Link{}, &FormError{"the key behind the sign ~ is missing: the link was cut"}
	case len(key) != fernetChars || !isFernet(key):
		return Link{}, &FormError{fmt.Sprintf("the key behind the sign ~ has %d characters and is to have %d: the link was cut or changed", len(key), fernetChars)}
	}
	return Link{Kind: SnapPass, Root: root(strings.TrimSuffix(folder, "/api/v2/passwords")), token: secret.New(last)}, nil
}

func isFernet(key string) bool {
	const bytes = 32
	text, err := base64.URLEncoding.Strict().DecodeString(key)
	return err == nil && len(text) == bytes
}

func cutLast(path string) (folder, last string) {
	at := strings.LastIndexByte(path, '/')
	return path[:max(at, 0)], path[at+1:]
}

// Mentions reports a text that a link, or the part of one that is secret, could be in.
func Mentions(text string) bool {
	return matches(`[0-9a-f]{32}(~|%7[Ee])`, text) || matches(`://[^\s]+/secret/[A-Za-z0-9]{8,}`, text)
}

// safe reports https, or a server on this very host.
func safe(address *url.URL) bool {
	return address.Scheme == "https" || address.Scheme == "http" && onThisHost(address)
}

func onThisHost(address *url.URL) bool {
	name := address.Hostname()
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }
