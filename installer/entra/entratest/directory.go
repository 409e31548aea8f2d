package entratest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Mistakes of whoever drives the server.
var (
	ErrUnknownApp      = errors.New("no application of this client ID")
	ErrUnknownPassword = errors.New("no such password")
	ErrTaken           = errors.New("there is one already")
	ErrMalformed       = errors.New("not of the due form")
)

// directory holds tenants, applications and users. The server's lock guards it.
type directory struct {
	graph   string // root of Microsoft Graph
	tenants []Tenant
	apps    []*application
	users   []User
}

type application struct {
	App
	created   time.Time // zero for one that came with the state
	passwords []*password
	removed   []gone
}

func newDirectory(state State, now time.Time) (*directory, error) {
	d := &directory{tenants: state.Tenants}
	var err error
	if d.graph, err = graphRoot(state.Cloud); err != nil {
		return nil, err
	}
	if len(d.tenants) == 0 {
		d.tenants = []Tenant{{ID: TenantID, Domain: TenantDomain}}
	}
	for _, t := range d.tenants {
		if !isGUID(t.ID) {
			return nil, fmt.Errorf("tenant %q: %w: wanted a GUID", t.ID, ErrMalformed)
		}
	}
	apps := state.Apps
	if len(apps) == 0 {
		apps = []App{{ClientID: ClientID, Name: "Test application"}}
	}
	for _, a := range apps {
		if err := d.addApp(a, now); err != nil {
			return nil, err
		}
	}
	return d, d.addUsers(state.Users)
}

func graphRoot(cloud string) (string, error) {
	switch cloud {
	case "", "public":
		return "https://graph.microsoft.com", nil
	case "usgov":
		return "https://graph.microsoft.us", nil
	case "china":
		return "https://microsoftgraph.chinacloudapi.cn", nil
	default:
		return "", fmt.Errorf("cloud %q: %w: wanted public, usgov or china", cloud, ErrMalformed)
	}
}

func (d *directory) addApp(a App, now time.Time) error {
	if !isGUID(a.ClientID) {
		return fmt.Errorf("application %q: %w: wanted a GUID", a.ClientID, ErrMalformed)
	}
	if d.app(a.ClientID) != nil {
		return fmt.Errorf("application %q: %w", a.ClientID, ErrTaken)
	}
	tenant, err := d.home(a.Tenant)
	if err != nil {
		return fmt.Errorf("application %q: %w", a.ClientID, err)
	}
	a.Tenant = tenant.ID
	app := &application{App: a}
	app.Passwords = nil
	for _, p := range a.Passwords {
		if _, err := app.add(p, now, nil); err != nil {
			return fmt.Errorf("application %q: %w", a.ClientID, err)
		}
	}
	d.apps = append(d.apps, app)
	return nil
}

func (d *directory) addUsers(users []User) error {
	for _, u := range users {
		tenant, err := d.home(u.Tenant)
		if err != nil {
			return fmt.Errorf("user %q: %w", u.Email, err)
		}
		u.Tenant = tenant.ID
		if u.ID == "" {
			u.ID = newGUID()
		}
		d.users = append(d.users, u)
	}
	if len(users) > 0 {
		return nil
	}
	for _, t := range d.tenants {
		domain := t.Domain
		if domain == "" {
			domain = TenantDomain
		}
		d.users = append(d.users, User{Tenant: t.ID, ID: newGUID(), Name: "Test User", Email: "test.user@" + domain, Admin: true})
	}
	return nil
}

// home is the tenant that a state names; "" stands for the first.
func (d *directory) home(name string) (Tenant, error) {
	if name == "" {
		return d.tenants[0], nil
	}
	if t, ok := d.tenant(name); ok {
		return t, nil
	}
	return Tenant{}, fmt.Errorf("tenant %q: %w: it is not one of the tenants", name, ErrMalformed)
}

func (d *directory) tenant(name string) (Tenant, bool) {
	i := slices.IndexFunc(d.tenants, func(t Tenant) bool {
		return strings.EqualFold(t.ID, name) || t.Domain != "" && strings.EqualFold(t.Domain, name)
	})
	if i < 0 {
		return Tenant{}, false
	}
	return d.tenants[i], true
}

func (d *directory) app(clientID string) *application {
	i := slices.IndexFunc(d.apps, func(a *application) bool { return strings.EqualFold(a.ClientID, clientID) })
	if i < 0 {
		return nil
	}
	return d.apps[i]
}

// client is an application that a tenant knows: its own, or the public client
// that every one knows.
func (d *directory) client(clientID, tenant string) *application {
	app := d.app(clientID)
	switch {
	case app == nil && strings.EqualFold(clientID, PublicClientID):
		return &application{App: App{
			Tenant: tenant, ClientID: PublicClientID, Name: "Microsoft Graph Command Line Tools",
			Public: true, RedirectURIs: []string{"http://localhost"},
		}}
	case app == nil || app.Tenant != tenant:
		return nil
	}
	return app
}

// user is who signs in: the one that the hint names, else the tenant's first.
func (d *directory) user(tenant, hint string) (User, bool) {
	var first *User
	for i, u := range d.users {
		if u.Tenant != tenant {
			continue
		}
		if hint != "" && strings.EqualFold(u.Email, hint) {
			return u, true
		}
		if first == nil {
			first = &d.users[i]
		}
	}
	if first == nil {
		return User{}, false
	}
	return *first, true
}

// resource reports whether a token can be had for it: Microsoft Graph or one
// of the tenant's own applications.
func (d *directory) resource(name, tenant string) bool {
	if name == d.graph || strings.TrimSuffix(name, "/") == d.graph {
		return true
	}
	app := d.app(strings.TrimPrefix(name, "api://"))
	return app != nil && app.Tenant == tenant
}

func (a *application) redirects(uri string) bool {
	return slices.ContainsFunc(a.RedirectURIs, func(known string) bool {
		want, err := url.Parse(known)
		got, err2 := url.Parse(uri)
		if err != nil || err2 != nil {
			return false
		}
		if want.Scheme == "http" && want.Hostname() == "localhost" {
			// Entra ID ignores the port of http://localhost.
			want.Host, got.Host = want.Hostname(), got.Hostname()
		}
		return want.String() == got.String()
	})
}

func isGUID(text string) bool {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString(text)
}
