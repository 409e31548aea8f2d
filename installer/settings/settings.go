package settings

// Group is one of the five groups, which are also the wizard's sections.
type Group string

// The groups, in the wizard's order.
const (
	GroupEnvironment Group = "Environment and folders"
	GroupDatabase    Group = "Database"
	GroupNetwork     Group = "Services and network"
	GroupIdentity    Group = "Identity"
	GroupOperations  Group = "Operations"
)

// Groups are all groups, in the wizard's order.
func Groups() []Group {
	return []Group{GroupEnvironment, GroupDatabase, GroupNetwork, GroupIdentity, GroupOperations}
}

// Kind is the type of a setting's value.
type Kind string

// The kinds.
const (
	Text    Kind = "text"
	Name    Kind = "name" // of an environment
	Integer Kind = "integer"
	Boolean Kind = "boolean"
	Choice  Kind = "choice"
	GUID    Kind = "guid"
	Tenant  Kind = "tenant"    // GUID or domain, never common, organizations or consumers
	URL     Kind = "url"       // https
	Root    Kind = "authority" // https, host and port only
	Proxy   Kind = "proxy"     // http or https, without a user
	Address Kind = "address"   // host:port
	Path    Kind = "path"      // absolute
	Date    Kind = "date"      // 2026-12-31
	Secret  Kind = "secret"
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
	Min, Max int    // of an integer; both 0 is no bound
	Required bool   // install needs a value
	Env      string // environment variable that gives it
}

// Keys that the program itself reads.
const (
	Environment         = "environment"
	Hosting             = "hosting"
	Listen              = "services.listen"
	PublicURL           = "services.publicUrl"
	ServiceAccount      = "services.account"
	ServicePassword     = "services.accountPassword"
	NetworkProxy        = "network.proxy"
	TenantID            = "identity.entra.tenantId"
	ClientID            = "identity.entra.clientId"
	ClientSecret        = "identity.entra.clientSecret"        //nolint:gosec // a key, not a secret
	ClientSecretExpires = "identity.entra.clientSecretExpires" //nolint:gosec // a key, not a secret
	ClientSecretID      = "identity.entra.clientSecretId"      //nolint:gosec // a key, not a secret
	EntraCloud          = "identity.entra.cloud"
	EntraAuthority      = "identity.entra.authority"
	EntraCABundle       = "identity.entra.caBundle"
	EntraProxy          = "identity.entra.proxy"
	Confirmations       = "identity.entra.confirmations"
)

// EmpowerCloud is the hosting where the vendor runs the backend.
const EmpowerCloud = "empower-cloud"

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

// Reference says where a secret is to be read. Exactly one of File, Env, Stdin and
// Keyring is set.
type Reference struct {
	File    string
	Env     string
	Stdin   bool
	Keyring string
	Link    bool // what is read is a one-time link to the secret, and as good as it
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
	Text         string // never quotes a value
}
