package site

import (
	"fmt"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// Question is what Entra ID is asked about, without the secret.
type Question struct {
	Options       entra.Options
	ClientID      string
	Confirmations int
}

// MissingError names the setting without which Entra ID cannot be asked.
type MissingError struct{ Key string }

// Error names the key.
func (e *MissingError) Error() string { return fmt.Sprintf("the setting %q is missing", e.Key) }

// maxBundleBytes bounds a CA bundle; the public roots of a system take 250 kB.
const maxBundleBytes = 4 << 20

// Lookup finds the text of a setting; ok is false when nothing gives one.
type Lookup func(key string) (text string, ok bool)

// Lookup reads a setting as it will be: wanted, else present, else the default.
func (s Site) Lookup(files []File, wanted map[string]secret.Value) Lookup {
	return func(key string) (string, bool) {
		if v, ok := wanted[key]; ok {
			return v.Reveal(), true
		}
		if v, ok := s.Value(files, key); ok && !v.IsZero() {
			return v.Reveal(), true
		}
		d := settings.Default(key)
		return d, d != ""
	}
}

// Ask makes the question of a tenant's application. The error is a
// *MissingError, or names the CA bundle that cannot be read.
func Ask(get Lookup, version string) (Question, error) {
	var q Question
	var err error
	q.Options.UserAgent = "backend-installer/" + version
	if q.Options.Tenant, err = need(get, settings.TenantID); err != nil {
		return q, err
	}
	if q.ClientID, err = need(get, settings.ClientID); err != nil {
		return q, err
	}
	if err := q.place(get); err != nil {
		return q, err
	}
	q.Options.Proxy = Proxy(get)
	q.Confirmations = settings.Number(get, settings.Confirmations)
	q.Options.CABundle, err = Bundle(get)
	return q, err
}

// Bundle is the CA bundle that the settings name; nil for none. The error is a
// *FileError.
func Bundle(get Lookup) ([]byte, error) {
	path, ok := get(settings.EntraCABundle)
	if !ok || path == "" {
		return nil, nil
	}
	bundle, err := atomicfile.Read(path, maxBundleBytes)
	if err != nil {
		return nil, &FileError{Path: path, Cause: err}
	}
	return bundle.Data, nil
}

// Proxy is the one that the settings name for this program's way to Entra ID; ""
// leaves it to the environment.
func Proxy(get Lookup) string {
	if proxy, _ := get(settings.EntraProxy); proxy != "" {
		return proxy
	}
	proxy, _ := get(settings.NetworkProxy)
	return proxy
}

// place sets authority and scope: of the authority that is given, else of the
// cloud.
func (q *Question) place(get Lookup) error {
	cloud, err := need(get, settings.EntraCloud)
	if err != nil {
		return err
	}
	authority, scope, ok := entra.Cloud(cloud)
	if !ok {
		return &MissingError{settings.EntraCloud}
	}
	q.Options.Authority, q.Options.Scope = authority, scope
	if given, ok := get(settings.EntraAuthority); ok && given != "" {
		q.Options.Authority = given
	}
	return nil
}

func need(get Lookup, key string) (string, error) {
	text, ok := get(key)
	if !ok || text == "" {
		return "", &MissingError{key}
	}
	return text, nil
}
