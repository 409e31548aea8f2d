package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// graphAppID is Microsoft Graph in the audience of a token, besides its address.
// Microsoft, "Verify first-party Microsoft applications in sign-in reports", 2026.
const graphAppID = "00000003-0000-0000-c000-000000000000"

// ByToken is a token that another tool got. Given is the token itself, or what az
// account get-access-token prints: a JSON object, or with --query a JSON text.
//
// A token that can be read and is for another resource, or has expired, is
// refused, since Microsoft Graph would refuse it with less to go by; one that
// cannot be read is taken as it is.
func ByToken(o Options, given secret.Value) (Source, error) {
	now := o.Way.Now
	if now == nil {
		now = time.Now
	}
	value := tokenIn(given.Reveal())
	if value == "" {
		return nil, ErrNoToken
	}
	aud, expires := audience(value)
	if aud != "" && strings.TrimSuffix(aud, "/") != o.Resource && aud != graphAppID {
		const longest = 100
		return nil, fmt.Errorf("%w: it is for %s", ErrForeign, exchange.Plain(aud, longest))
	}
	return keep(now, func(context.Context) (token, error) {
		if !expires.IsZero() && !now().Before(expires) {
			return token{}, fmt.Errorf("use the token that was given: %w", ErrSpent)
		}
		return token{secret.New(value), expires}, nil
	}), nil
}

// tokenIn finds the token in what a tool printed; "" is none.
func tokenIn(text string) string {
	text = strings.TrimSpace(text)
	var object struct {
		CLI   string `json:"accessToken"`
		OAuth string `json:"access_token"`
	}
	var quoted string
	switch {
	case json.Unmarshal([]byte(text), &object) == nil:
		text = object.CLI + object.OAuth
	case json.Unmarshal([]byte(text), &quoted) == nil:
		text = quoted
	}
	isOther := func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '{' }
	if strings.ContainsFunc(text, isOther) {
		return "" // it goes into a header
	}
	return text
}

// audience reads whom a token is for, and its end. Nothing is known of one that
// is no JWT.
func audience(value string) (string, time.Time) {
	var claims struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
	}
	parts := strings.Split(value, ".")
	if len(parts) != 3 {
		return "", time.Time{}
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(text, &claims) != nil || claims.Expires <= 0 {
		return claims.Audience, time.Time{}
	}
	return claims.Audience, time.Unix(claims.Expires, 0)
}
