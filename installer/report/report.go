// Package report is what a command tells at its end, for people and for
// scripts. It holds no secret: credentials appear as fingerprints.
package report

import "time"

// Result is how a command ended.
type Result string

// The results.
const (
	Changed    Result = "changed"
	Unchanged  Result = "unchanged"
	Planned    Result = "planned"
	RolledBack Result = "rolled-back" // everything old stands; of recover, which then ended well
	Failed     Result = "failed"
	Healthy    Result = "healthy"   // of verify, status and answers check, which change nothing
	Possible   Result = "possible"  // of edit --check, which changes nothing
	Attention  Result = "attention" // of status: something is to be looked at
)

// Report is the one object that --output json prints; a failure adds code,
// reason, what and remedy.
type Report struct {
	Result      Result       `json:"result"`
	Changed     bool         `json:"changed"`
	Code        string       `json:"code,omitempty"`
	Reason      string       `json:"reason,omitempty"` // the class of a refusal by Entra ID
	What        string       `json:"what,omitempty"`
	Remedy      string       `json:"remedy,omitempty"`
	RunID       string       `json:"runId,omitempty"`
	Environment string       `json:"environment,omitempty"`
	Product     string       `json:"product,omitempty"`
	Version     string       `json:"version,omitempty"`
	Commit      string       `json:"commit,omitempty"` // of version: what the program was built from
	Files       []File       `json:"files,omitempty"`
	Services    []Service    `json:"services,omitempty"`
	Credential  *Credential  `json:"credential,omitempty"`
	Application *Application `json:"application,omitempty"`
	Retired     []string     `json:"retired,omitempty"` // IDs of the client secrets that were removed
	Recovered   []Recovered  `json:"recovered,omitempty"`
	Proposals   []Proposal   `json:"proposals,omitempty"`
	Plan        []string     `json:"plan,omitempty"`
	Warnings    []string     `json:"warnings,omitempty"`
	Next        []string     `json:"next,omitempty"`

	// Of status and verify: what a person is to look at, which is in Warnings as well.
	RestartOwed *Owed      `json:"restartOwed,omitempty"`
	Pending     string     `json:"pending,omitempty"`  // a run that has not ended
	Orphans     []string   `json:"orphans,omitempty"`  // files that a run left, which may hold a secret
	Shadows     []string   `json:"shadows,omitempty"`  // what overrides the files
	Exposed     []Exposure `json:"exposed,omitempty"`  // who can read a secret
	Handed      []Handed   `json:"handed,omitempty"`   // what is left of one-time links that were read
	Begun       []Begun    `json:"begun,omitempty"`    // client secrets that runs began to make and did not end with
	Removals    []Removal  `json:"removals,omitempty"` // client secrets that are to be removed from the application

	// Of watch.
	Level      string     `json:"level,omitempty"`  // OK, WARNING, CRITICAL, UNKNOWN
	Stands     string     `json:"stands,omitempty"` // how the client secret stands
	Notices    []Notice   `json:"notices,omitempty"`
	Deliveries []Delivery `json:"deliveries,omitempty"`

	// Of a command that looked at every environment of the host: one each, and
	// nothing of them above.
	Environments []Report `json:"environments,omitempty"`
}

// Notice is a warning that became due.
type Notice struct {
	Kind      string `json:"kind"` // near, over, refused, unknown
	Threshold int    `json:"threshold,omitempty"`
	Text      string `json:"text"`
}

// Delivery is what became of telling a sink.
type Delivery struct {
	Sink   string `json:"sink"`
	State  string `json:"state"` // delivered, failed
	Detail string `json:"detail,omitempty"`
}

// Owed is a restart that was put off.
type Owed struct {
	Services []string  `json:"services"`
	Since    time.Time `json:"since"`
}

// Begun is a client secret that a run began to make and did not end with.
type Begun struct {
	ID    string    `json:"id,omitempty"` // "" where the directory did not tell it
	Name  string    `json:"name"`
	Run   string    `json:"run"`
	Since time.Time `json:"since"`
}

// Removal is a client secret that is to be removed from the application.
type Removal struct {
	ID    string    `json:"id"`
	Why   string    `json:"why"` // unused, replaced
	Since time.Time `json:"since"`
	After time.Time `json:"after,omitzero"` // not before
}

// Handed is a one-time link that was read, or was to be, without link and value.
type Handed struct {
	State string    `json:"state"` // kept: the file holds the secret, which is not proven; begun: a run has not ended
	File  string    `json:"file"`
	Since time.Time `json:"since"`
}

// Exposure is a file with a secret that large groups can read.
type Exposure struct {
	Path    string   `json:"path"`
	Readers []string `json:"readers"`
}

// File is a configuration file of the change.
type File struct {
	Path string `json:"path"`
	Way  string `json:"way,omitempty"` // rename or in-place, once it was switched
	Why  string `json:"why,omitempty"` // why not by rename
	// Holds is old, new or other: which content is there after a change that
	// could not be put back.
	Holds string `json:"holds,omitempty"`
	// ClosedTo are the groups that could read it before.
	ClosedTo []string `json:"closedTo,omitempty"`

	// Of edit: the place, and fingerprints of this run only.
	Format string `json:"format,omitempty"`
	At     string `json:"at,omitempty"`
	Line   int    `json:"line,omitempty"` // from 1; 0 where the place is to be added
	Column int    `json:"column,omitempty"`
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
}

// Service is a service of the installation.
type Service struct {
	Name   string `json:"name"`
	State  string `json:"state"`            // running, stopped, failed ...
	Action string `json:"action,omitempty"` // restarted, left alone, restart owed
	Detail string `json:"detail,omitempty"`
}

// Recovered is a change that an earlier run left, and what became of it or would.
type Recovered struct {
	Run         string     `json:"run"`
	Command     string     `json:"command"`
	Way         string     `json:"way"`    // revert, forward, finish, wait, later, discard, hands
	Stands      bool       `json:"stands"` // the change does; else everything is as before it
	Until       *time.Time `json:"until,omitempty"`
	Unconfirmed bool       `json:"unconfirmed,omitempty"`
	Files       []File     `json:"files,omitempty"`
}

// Credential is a client secret, told without telling it.
type Credential struct {
	ID          string `json:"id,omitempty"`
	Expires     string `json:"expires,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Validation  string `json:"validation,omitempty"`

	// Of status, as far as it is known.
	DisplayName     string     `json:"displayName,omitempty"`
	Starts          string     `json:"starts,omitempty"`
	DaysLeft        *int       `json:"daysLeft,omitempty"`    // after today; below 0 where the last day is over
	KnownFrom       string     `json:"knownFrom,omitempty"`   // who told ID and days: administrator, graph
	HintMatched     bool       `json:"hintMatched,omitempty"` // the directory's hint was that of the secret when it was set
	SetAt           *time.Time `json:"setAt,omitempty"`
	SetBy           string     `json:"setBy,omitempty"`
	ProvenAt        *time.Time `json:"provenAt,omitempty"` // when Entra ID accepted it last, as far as this program asked
	ProofAgeSeconds *int64     `json:"proofAgeSeconds,omitempty"`
}

// Application is an app registration as Microsoft Graph shows it.
type Application struct {
	ID          string       `json:"id"`       // object ID
	ClientID    string       `json:"clientId"` // application (client) ID
	Name        string       `json:"name,omitempty"`
	Credentials []Registered `json:"credentials"`
}

// Registered is a client secret of an application, without its value.
type Registered struct {
	ID       string     `json:"id"` // the portal's Secret ID
	Name     string     `json:"name,omitempty"`
	Hint     string     `json:"hint,omitempty"`
	Starts   *time.Time `json:"starts,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	DaysLeft *int       `json:"daysLeft,omitempty"` // whole days; negative once it has expired
	Expired  bool       `json:"expired"`
	Use      string     `json:"use"`          // in use, other, cannot tell
	By       []string   `json:"by,omitempty"` // what says so: hint, recorded ID
}

// Proposal is what adopt --detect found of an environment.
type Proposal struct {
	Environment string     `json:"environment"`
	Complete    bool       `json:"complete"`
	Description string     `json:"description"` // YAML; what is to be decided is a comment in it
	File        string     `json:"file,omitempty"`
	Decisions   []Decision `json:"decisions,omitempty"`
	Notes       []string   `json:"notes,omitempty"`
}

// Decision is what only a person knows.
type Decision struct {
	Section string   `json:"section"` // environment, files, services, settings
	What    string   `json:"what"`
	Key     string   `json:"key,omitempty"` // whose value is to be given
	Choices []string `json:"choices,omitempty"`
}
