package settings

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

const (
	schemaDialect = "https://json-schema.org/draft/2020-12/schema"
	guidPattern   = `^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`
)

// Schema is the JSON schema of answers files, the same for the same table.
func Schema() []byte {
	root := object("answers of the backend installer")
	root.Schema = schemaDialect
	root.Required = []string{"version"}
	version := any(Version)
	root.Properties["version"] = &jsonschema.Schema{Const: &version, Description: "version of this form"}
	root.Defs = map[string]*jsonschema.Schema{"secret": secretSchema(), "clientSecret": clientSecretSchema()}
	for _, s := range All() {
		at := root
		levels := strings.Split(s.Key, ".")
		for _, level := range levels[:len(levels)-1] {
			if at.Properties[level] == nil {
				at.Properties[level] = object("")
			}
			at = at.Properties[level]
		}
		at.Properties[levels[len(levels)-1]] = s.schema()
	}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // only texts, numbers and lists
	}
	return append(text, '\n')
}

func object(description string) *jsonschema.Schema {
	return &jsonschema.Schema{
		Types: []string{"object", "null"}, Description: description, Properties: map[string]*jsonschema.Schema{},
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
}

// secretSchema is a reference: exactly one of four ways.
func secretSchema() *jsonschema.Schema {
	s := object("where the secret is read; never the secret itself")
	s.Types, s.Type = nil, "object"
	one, yes := 1, any(true)
	s.MinProperties, s.MaxProperties = &one, &one
	for name, description := range map[string]string{
		"file": "a file that holds the secret and nothing else", "env": "the name of an environment variable",
		"keyring": "an entry of the operating system's credential store: installer keyring set NAME",
	} {
		s.Properties[name] = &jsonschema.Schema{Type: "string", MinLength: &one, Description: description}
	}
	s.Properties["stdin"] = &jsonschema.Schema{Const: &yes, Description: "read from standard input"}
	return s
}

// clientSecretSchema adds a one-time link, which is read from one of the four ways.
func clientSecretSchema() *jsonschema.Schema {
	s := secretSchema()
	s.Properties["link"] = &jsonschema.Schema{
		Ref: "#/$defs/secret", Description: "where a one-time link to the secret is read; never the link itself",
	}
	return s
}

func (s Setting) schema() *jsonschema.Schema {
	if s.Key == ClientSecret {
		return &jsonschema.Schema{Ref: "#/$defs/clientSecret", Description: s.Help}
	}
	if s.Kind == Secret {
		return &jsonschema.Schema{Ref: "#/$defs/secret", Description: s.Help}
	}
	out := &jsonschema.Schema{Type: "string", Description: s.Help}
	switch s.Kind {
	case Integer:
		least, most := float64(s.Min), float64(s.Max)
		out.Type, out.Minimum, out.Maximum = "integer", &least, &most
	case Boolean:
		out.Type = "boolean"
	case Choice:
		for _, c := range s.Choices {
			out.Enum = append(out.Enum, c)
		}
	case GUID:
		out.Pattern = guidPattern + "|^$"
	case Date:
		out.Pattern = `^\d{4}-\d{2}-\d{2}$|^$`
	case URL, Root:
		out.Pattern = "^https://|^$"
	case Name:
		out.Pattern = `^[A-Za-z][A-Za-z0-9_-]{0,31}$|^$`
	case Text, Tenant, Proxy, Address, Path, Secret:
	}
	out.Default = s.jsonDefault()
	return out
}

func (s Setting) jsonDefault() json.RawMessage {
	switch {
	case s.Default == "":
		return nil
	case s.Kind == Integer, s.Kind == Boolean:
		return json.RawMessage(s.Default)
	}
	return json.RawMessage(strconv.Quote(s.Default))
}
