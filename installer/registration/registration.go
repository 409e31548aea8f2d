// Package registration reads the config.json of the vendor's package that makes
// the app registration in Entra ID.
//
// It is JSON as .NET reads it, and nothing of it is repaired: the sample that the
// vendor's help centre shows (2026) lacks a comma, and what a program makes of such
// a file is a guess. Names match in any case; unknown ones are left alone. What it
// says goes into settings only where it is a value of that setting.
//
// Errors are *syntax.Error, with the place. None quotes a value.
package registration

import (
	"errors"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// MaxBytes is what a caller should read of the file at most.
const MaxBytes = 1 << 20

// Names are those that this package knows, as the vendor writes them.
func Names() []string {
	return []string{"tenantID", "appName", "hostname", "useMailsOnline", "useSCIM", "oneTimePasswordServiceUri"}
}

// Parse reads the file and returns what it says of settings, by their keys.
func Parse(data []byte) (map[string]string, error) {
	entries, err := document.List(data, document.JSONC)
	if err != nil {
		return nil, err
	}
	known := false
	for _, e := range entries {
		for _, name := range Names() {
			known = known || len(e.Names) == 1 && strings.EqualFold(e.Names[0], name)
		}
	}
	if !known {
		return nil, &syntax.Error{Kind: syntax.NotFound, Line: 1, Column: 1, Reason: "none of " + strings.Join(Names(), ", ") + " is in it"}
	}
	given := map[string]string{}
	for _, v := range []struct {
		name, key string
		means     func(string) string
	}{
		{"tenantID", settings.TenantID, strings.TrimSpace},
		{"hostname", settings.PublicURL, address},
	} {
		text, err := value(data, v.name, v.key, v.means)
		if err != nil {
			return nil, err
		}
		if text != "" {
			given[v.key] = text
		}
	}
	return given, nil
}

// value is what a name gives to a setting; "" where it is not there or empty.
func value(data []byte, name, key string, means func(string) string) (string, error) {
	found, err := document.Find(data, document.JSONC, document.Slot{At: "/" + name})
	switch {
	case syntax.Is(err, syntax.NotFound):
		return "", nil
	case err != nil:
		return "", err
	case strings.TrimSpace(found.Value.Reveal()) == "":
		return "", nil
	}
	text := means(found.Value.Reveal())
	if settings.IsPlaceholder(found.Value) {
		err = errors.New("it is a placeholder: give the real value")
	} else {
		err = settings.Validate(key, text)
	}
	if err != nil {
		return "", &syntax.Error{Kind: syntax.Unsupported, Line: found.Line, Column: found.Column, Reason: name + ": " + err.Error()}
	}
	return text, nil
}

// address is the address of a host that is given with or without https.
func address(host string) string {
	host = strings.TrimRight(strings.TrimSpace(host), "/")
	if strings.Contains(host, "://") {
		return host
	}
	return "https://" + host
}
