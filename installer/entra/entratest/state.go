package entratest

import (
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// The tenant and the application of a server whose State names none.
const (
	TenantID     = "6f0c1f1e-0000-4000-8000-000000000001"
	TenantDomain = "test.example"
	ClientID     = "11111111-0000-4000-8000-000000000002"
)

// PublicClientID is a public client that every tenant knows: Microsoft Graph
// Command Line Tools, whose redirect URI is http://localhost.
const PublicClientID = "14d82eec-204b-4c2f-b7e8-296a70dab67e"

// State is what a server knows at its start. Without tenants it has one, of
// the identifier TenantID; without apps it has one, ClientID, in the first
// tenant and without passwords; without users each tenant has one.
type State struct {
	Cloud   string // public (default), usgov or china: whose Microsoft Graph can be asked for
	Tenants []Tenant
	Apps    []App
	Users   []User
	Knobs   Knobs
}

// Tenant is a directory.
type Tenant struct {
	ID     string `yaml:"id"`     // GUID
	Domain string `yaml:"domain"` // a verified domain; optional
}

// App is an application registration with its service principal.
type App struct {
	Tenant       string // the first tenant's identifier if left out
	ClientID     string // GUID
	Name         string
	Disabled     bool // answers 7000112
	Blocked      bool // by Conditional Access: a right secret answers 53003
	Public       bool // "allow public client flows": signs users in without a secret
	RedirectURIs []string
	Roles        []string // application permissions of Microsoft Graph that have consent
	Owners       []string // client IDs of applications, and IDs or e-mail addresses of users
	Policy       *Policy  // app management policy of its own; nil: the tenant's, which knobs are
	Passwords    []Password
}

// Password is one client secret of an application.
type Password struct {
	KeyID string // the Secret ID, a GUID; made up if left out
	Name  string
	Value secret.Value // made up if left out
	Start time.Time    // zero: always
	End   time.Time    // zero: two years after it was added
}

// User signs in when a browser comes to the authorization endpoint.
type User struct {
	Tenant string `yaml:"tenant"` // the first tenant's identifier if left out
	ID     string `yaml:"id"`     // object ID, a GUID; made up if left out
	Name   string `yaml:"name"`
	Email  string `yaml:"email"`
	Admin  bool   `yaml:"admin"` // Application Administrator; so is the user of a State without users
}

type fileState struct {
	Cloud   string            `yaml:"cloud"`
	Tenants []Tenant          `yaml:"tenants"`
	Apps    []fileApp         `yaml:"apps"`
	Users   []User            `yaml:"users"`
	Knobs   map[string]string `yaml:"knobs"`
}

type fileApp struct {
	Tenant       string         `yaml:"tenant"`
	ClientID     string         `yaml:"clientId"`
	Name         string         `yaml:"name"`
	Disabled     bool           `yaml:"disabled"`
	Blocked      bool           `yaml:"blocked"`
	Public       bool           `yaml:"public"`
	RedirectURIs []string       `yaml:"redirectUris"`
	Roles        []string       `yaml:"roles"`
	Owners       []string       `yaml:"owners"`
	Policy       *filePolicy    `yaml:"policy"`
	Passwords    []filePassword `yaml:"passwords"`
}

type filePolicy struct {
	NoSecrets bool `yaml:"noSecrets"`
	MaxDays   int  `yaml:"maxDays"`
}

type filePassword struct {
	KeyID string    `yaml:"keyId"`
	Name  string    `yaml:"name"`
	Value string    `yaml:"value"`
	Start time.Time `yaml:"start"`
	End   time.Time `yaml:"end"`
}

// ParseState reads a state file; the package's documentation shows one. The
// error names every unknown key by line and column.
func ParseState(data []byte) (State, error) {
	var file fileState
	if err := yamltree.Decode(data, &file); err != nil {
		return State{}, fmt.Errorf("state: %w", err)
	}
	knobs, err := Knobs{}.With(file.Knobs)
	if err != nil {
		return State{}, fmt.Errorf("state: knobs: %w", err)
	}
	state := State{Cloud: file.Cloud, Tenants: file.Tenants, Users: file.Users, Knobs: knobs}
	for _, a := range file.Apps {
		state.Apps = append(state.Apps, a.app())
	}
	return state, nil
}

func (a fileApp) app() App {
	app := App{
		Tenant: a.Tenant, ClientID: a.ClientID, Name: a.Name,
		Disabled: a.Disabled, Blocked: a.Blocked, Public: a.Public, RedirectURIs: a.RedirectURIs, Roles: a.Roles, Owners: a.Owners,
	}
	if a.Policy != nil {
		app.Policy = &Policy{NoSecrets: a.Policy.NoSecrets, MaxLifetime: time.Duration(a.Policy.MaxDays) * hoursOfDay * time.Hour}
	}
	for _, p := range a.Passwords {
		app.Passwords = append(app.Passwords, Password{
			KeyID: p.KeyID, Name: p.Name, Value: secret.New(p.Value), Start: p.Start, End: p.End,
		})
	}
	return app
}
