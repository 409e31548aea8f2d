package install_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/install"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
	"github.com/empowersuite/backend-installer/templates"
)

const (
	service = "empower-backend-PROD"
	marked  = "TST8Q~not-a-real-secret-0000000000000001"
)

// windowsHost knows the accounts that every Windows has, and one of a domain.
type windowsHost struct{ host.OS }

func (windowsHost) Elevated() bool { return true }

func (windowsHost) Lookup(_ context.Context, name string) (host.User, error) {
	account, err := access.ParseAccount(name)
	if err != nil || account.SID == "" && !strings.HasPrefix(name, `CONTOSO\`) {
		return host.User{}, host.ErrNoUser
	}
	return host.User{Name: name, UID: -1, GID: -1, SID: "S-1-5-21-1-2-3-1104"}, nil
}

// manager keeps what it is told to register.
type manager struct {
	*svctest.Fake

	registered *svc.Definition
}

func (m manager) Register(ctx context.Context, d svc.Definition) error {
	*m.registered = d
	return m.Fake.Register(ctx, d)
}

// prober says that what runs is healthy, and tells the credential as a backend does
// that reads the fingerprint key.
type prober struct {
	fake *svctest.Fake
	key  string
}

func (p prober) Probe(ctx context.Context, _ health.Check) (health.Result, error) {
	state, err := p.fake.Inspect(ctx, service)
	if err != nil || state.Activity != svc.Running {
		return health.Result{}, err
	}
	text, err := os.ReadFile(p.key)
	if err != nil {
		return health.Result{}, err
	}
	key, err := secret.ParseKey(string(text))
	return health.Result{Healthy: true, Credential: key.Fingerprint(secret.New(marked))}, err
}

// windows is an installation on a host that says it is Windows, whatever runs the
// test.
func windows(t *testing.T, values map[string]string, secrets map[string]secret.Value) (session.Deps, install.Request, *svc.Definition) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the paths of this test are made for another system: scripts/windowstest installs there for real")
	}
	fake, registered := svctest.New(nil), &svc.Definition{}
	root := t.TempDir()
	store := site.Store{Root: filepath.Join(root, "state")}
	deps := session.Deps{
		Store: store,
		Crew: rollout.Crew{
			Manager: func(rollout.Service) (svc.Manager, error) { return manager{fake, registered}, nil },
			Prober:  prober{fake, store.Folder("PROD").Key()}, Limits: rollout.DefaultLimits(), Now: time.Now,
		},
		Host: windowsHost{}, Layout: layout.Host{GOOS: "windows"}, Now: time.Now, Random: rand.Reader, RunID: "run-1",
		Native: func() string { return release.Windows },
	}
	all := map[string]string{settings.TenantID: "contoso.com", settings.ClientID: "11111111-0000-4000-8000-000000000002"}
	for key, value := range values {
		all[key] = value
	}
	held := map[string]secret.Value{settings.ClientSecret: secret.New(marked)}
	for key, value := range secrets {
		held[key] = value
	}
	return deps, install.Request{
		Environment: "PROD", Values: all, Secrets: held, Release: templates.Files(), Prefix: root,
		ServiceManager: install.Windows, SkipValidation: true,
	}, registered
}

func TestOnWindowsEachServiceRunsAsItself(t *testing.T) {
	deps, req, registered := windows(t, nil, nil)
	r, err := install.Run(t.Context(), deps, req)
	if err != nil || r.Result != report.Changed {
		t.Fatalf("got %+v, %v", r, err)
	}
	if want := `NT SERVICE\` + service; registered.Windows.Account != want || !registered.Enable {
		t.Errorf("got %+v, want the account %q", registered, want)
	}
	if got := registered.Windows.Exec[0]; !strings.HasSuffix(got, "backend.exe") {
		t.Errorf("got the program %q", got)
	}
}

func TestOnWindowsAnAccountCanBeNamed(t *testing.T) {
	password := secret.New("not-a-real-password")
	deps, req, registered := windows(t, map[string]string{settings.ServiceAccount: `CONTOSO\svc-empower`},
		map[string]secret.Value{settings.ServicePassword: password})
	req.DryRun = true
	r, err := install.Run(t.Context(), deps, req)
	if err != nil || r.Result != report.Planned || !strings.Contains(strings.Join(r.Plan, "\n"), `run as CONTOSO\svc-empower`) {
		t.Errorf("got %+v, %v", r, err)
	}
	if registered.Name != "" {
		t.Errorf("a dry run registered %+v", registered)
	}
	req.DryRun = false
	if _, err := install.Run(t.Context(), deps, req); err != nil {
		t.Fatal(err)
	}
	if !registered.Windows.Password.Equal(password) {
		t.Error("the password did not reach the manager")
	}
}

func TestOnWindowsAccountsAreCheckedFirst(t *testing.T) {
	for account, want := range map[string]fault.Code{
		`CONTOSO\svc-empower`: fault.Usage,     // its password is missing
		`OTHER\managed$`:      fault.Preflight, // nobody knows it
		`a\b\c`:               fault.Usage,
		"LocalService":        "",
		"LocalSystem":         "",
	} {
		deps, req, _ := windows(t, map[string]string{settings.ServiceAccount: account}, nil)
		req.DryRun = true
		r, err := install.Run(t.Context(), deps, req)
		if want == "" {
			warned := strings.Contains(strings.Join(r.Warnings, "\n"), "may do everything")
			if err != nil || warned != (account == "LocalSystem") {
				t.Errorf("%s: got %v, warnings %q", account, err, r.Warnings)
			}
			continue
		}
		if f := fault.Of(err); f == nil || f.Code != want || f.Remedy == "" {
			t.Errorf("%s: got %v, want %s with a remedy", account, err, want)
		}
	}
}
