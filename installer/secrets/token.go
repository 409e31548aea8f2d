package secrets

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// maxTokenBytes bounds an access token; those of Microsoft Graph have 2 to 6 KiB.
const maxTokenBytes = 32 << 10

// Mistakes in what was given as a token. They quote nothing of it.
var (
	ErrNoToken  = errors.New("there is no access token in it")
	ErrNotToken = errors.New("it is no access token: one has no blanks and no line breaks, and 32 KiB at most")
)

// ParseToken finds the access token in what az account get-access-token prints:
// a JSON object with accessToken, or with --query accessToken the bare token, in
// quotes or not. "Bearer " in front does not matter.
func ParseToken(given secret.Value) (secret.Value, error) {
	text := strings.TrimSpace(given.Reveal())
	switch {
	case strings.HasPrefix(text, "{"):
		var printed struct {
			Token string `json:"accessToken"`
		}
		if json.Unmarshal([]byte(text), &printed) != nil {
			return secret.Value{}, ErrNoToken
		}
		text = printed.Token
	case strings.HasPrefix(text, `"`):
		if json.Unmarshal([]byte(text), &text) != nil {
			return secret.Value{}, ErrNotToken
		}
	}
	text = strings.TrimPrefix(text, "Bearer ")
	switch {
	case text == "":
		return secret.Value{}, ErrNoToken
	case len(text) > maxTokenBytes || strings.ContainsFunc(text, outside):
		return secret.Value{}, ErrNotToken
	}
	return secret.New(text), nil
}

// outside reports what no token has: RFC 6750 section 2.1 allows printable ASCII
// without blanks.
func outside(r rune) bool { return r <= ' ' || r > '~' }
