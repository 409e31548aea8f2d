package settings_test

import (
	"encoding/json"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

func TestTheSchemaAndTheParserAgree(t *testing.T) {
	var schema jsonschema.Schema
	if err := json.Unmarshal(settings.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		good:                       true,
		string(settings.Example()): true,
		"version: 1\n":             true,
		"version: 2\n":             false,
		"environment: PROD\n":      false,
		"version: 1\nunknown: x\n": false,
		"version: 1\nhosting: x\n": false,
		"version: 1\nidentity: {entra: {clientSecret: plain}}\n":               false,
		"version: 1\nidentity: {entra: {clientSecret: {file: a, env: B}}}\n":   false,
		"version: 1\nidentity: {entra: {clientSecret: {stdin: true}}}\n":       true,
		"version: 1\nidentity: {entra: {confirmations: 99}}\n":                 false,
		"version: 1\nidentity: {entra: {authority: 'http://login.example'}}\n": false,
		"version: 1\nidentity: {entra: {clientSecretExpires: '2026-12-31'}}\n": true,
		"version: 1\nsync: {enabled: true}\n":                                  true,
		"version: 1\nsync: {enabled: perhaps}\n":                               false,
	} {
		root, err := yamltree.Root([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := root.Decode(&value); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(value); (err == nil) != want {
			t.Errorf("schema, %q: got %v, want ok %v", text, err, want)
		}
		if _, problems := settings.ParseAnswers([]byte(text), "a"); (len(problems) == 0) != want {
			t.Errorf("parser, %q: got %+v, want ok %v", text, problems, want)
		}
	}
}
