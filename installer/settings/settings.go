// Package settings is the table of everything an administrator can set.
package settings

// Group is one of the five groups, which are also the wizard's sections.
type Group string

// The groups, in the wizard's order.
const (
	Environment Group = "environment and folders"
	Database    Group = "database"
	Network     Group = "services and network"
	Identity    Group = "identity"
	Operations  Group = "operations"
)

// Kind is the type of a setting's value.
type Kind string

// The kinds.
const (
	Text     Kind = "text"
	Integer  Kind = "integer"
	Boolean  Kind = "boolean"
	Choice   Kind = "choice"
	GUID     Kind = "guid"
	Tenant   Kind = "tenant"  // GUID or domain, never common, organizations or consumers
	URL      Kind = "url"     // https
	Address  Kind = "address" // host:port
	Path     Kind = "path"    // absolute
	Date     Kind = "date"    // 2026-12-31
	Duration Kind = "duration"
	Secret   Kind = "secret"
)

// Setting is one row of the table.
type Setting struct {
	Key      string // as in the answers file, dots between levels: identity.entra.tenantId
	Group    Group
	Kind     Kind
	Title    string // for the wizard: a few words
	Help     string // one line
	Default  string
	Choices  []string
	Required bool   // install needs a value
	Env      string // environment variable that gives it
}

// ClientSecret is the key of the setting that the program exists for.
const ClientSecret = "identity.entra.clientSecret"

// Origin tells where a value came from.
type Origin string

// The origins, lowest rank first.
const (
	FromDefault Origin = "default"
	FromFile    Origin = "installation"
	FromAnswers Origin = "answers"
	FromEnv     Origin = "environment"
	FromFlag    Origin = "flag"
	FromPrompt  Origin = "prompt"
)

// Value is a setting's text and its origin. It is never a secret.
type Value struct {
	Text   string
	Origin Origin
}

// Reference says where a secret is to be read. Exactly one field is set.
type Reference struct {
	File    string `yaml:"file,omitempty"`
	Env     string `yaml:"env,omitempty"`
	Stdin   bool   `yaml:"stdin,omitempty"`
	Keyring string `yaml:"keyring,omitempty"`
}

// Answers is what an answers file, the wizard or the flags say.
type Answers struct {
	Values  map[string]Value     // by key; no secrets
	Secrets map[string]Reference // by key
}

// Problem is one mistake in an answers file.
type Problem struct {
	Line, Column int // 0 when there is no place
	Key          string
	Text         string // never quotes a secret
}
