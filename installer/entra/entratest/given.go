package entratest

import (
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	maxGiven = 10_000
	// shortestPart is the length of a piece of a token that stands for it.
	shortestPart = 16
)

// Kind is what a text is that the server made up for a client.
type Kind string

// The kinds. A user code is for the eyes of whoever signs in.
const (
	ClientSecret      Kind = "client secret" // by Microsoft Graph
	AccessToken       Kind = "access token"
	RefreshToken      Kind = "refresh token"
	IDToken           Kind = "ID token"
	DeviceSecret      Kind = "device code"
	UserCode          Kind = "user code"
	AuthorizationCode Kind = "authorization code"
)

// Given is a text that the server gave to a client, for tests that look for it
// where it should not be.
type Given struct {
	Kind  Kind
	Value secret.Value
}

// Parts are the pieces that tell of it wherever one is found: of a token in three
// segments each, for a log may cut it anywhere.
func (g Given) Parts() []string {
	if g.Kind == ClientSecret || g.Kind == UserCode {
		return []string{g.Value.Reveal()} // one may hold a dot
	}
	return slices.DeleteFunc(strings.Split(g.Value.Reveal(), "."), func(part string) bool { return len(part) < shortestPart })
}

// gave remembers what goes to a client, and returns it; call it under the lock.
func (s *Server) gave(kind Kind, text string) string {
	s.given = append(s.given, Given{kind, secret.New(text)})
	if len(s.given) > maxGiven {
		s.given = slices.Delete(s.given, 0, len(s.given)-maxGiven)
	}
	return text
}

// Given is what was given to clients so far, oldest first; the last 10,000. The
// admin API does not tell it.
func (s *Server) Given() []Given {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.given)
}
