package session

import (
	"maps"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// Given is what a request wants, checked by itself.
type Given struct {
	Wanted map[string]secret.Value // by key
	Notes  []string                // what the check of the client secret found worth a warning
}

// Accept checks values and secrets by themselves, before anything is looked
// at. The error is a *fault.Error.
func Accept(values map[string]string, secrets map[string]secret.Value, allowGUID bool) (Given, error) {
	given := Given{Wanted: map[string]secret.Value{}}
	maps.Copy(given.Wanted, secrets)
	for key, text := range values {
		if err := settings.Validate(key, text); err != nil {
			return given, fault.Wrap(fault.Usage, err, key, "correct the value; installer answers schema tells what is allowed")
		}
		given.Wanted[key] = secret.New(text)
	}
	value, ok := given.Wanted[settings.ClientSecret]
	if !ok {
		return given, nil
	}
	clean, notes, err := settings.LintSecret(value, allowGUID)
	if err != nil {
		return given, explain.Secret(err)
	}
	given.Wanted[settings.ClientSecret], given.Notes = clean, notes
	return given, nil
}
