package secrets_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/signin/signintest"
	"github.com/empowersuite/backend-installer/installer/site"
)

const (
	clientID = "11111111-0000-4000-8000-000000000002"
	value    = "abc8Q~TST-not-a-real-secret-00000000000Z"
)

func began() time.Time { return time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC) }

// bench is a host with an installation, an Entra ID and a Graph, and a clock that
// moves when somebody waits.
type bench struct {
	session.Deps
	now     time.Time
	config  string // the file that holds the secret
	waits   []time.Duration
	asked   graph.Options
	tenant  entra.Tenant
	answers []error // of Graph to reading, in turn; then it answers well
	removal []error // to a removal
	lost    bool    // a removal is carried out although it is answered with an error
	app     graph.Application
}

func newBench(t *testing.T) *bench {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(root, "secret")
	write("secret", value)
	write("state/PROD/installation.yaml", "apiVersion: backend-installer/v1\nkind: Installation\nenvironment: PROD\nproduct: p\nversion: \"1\"\n"+
		"files:\n  - path: '"+config+"'\n    format: raw\n    slots: [{setting: identity.entra.clientSecret}]\n"+
		"settings: {identity.entra.tenantId: 6f0c1f1e-0000-4000-8000-000000000001, identity.entra.clientId: "+clientID+"}\n")
	b := &bench{config: config, now: began()}
	b.app = graph.Application{ClientID: clientID, Now: b.now}
	b.Deps = session.Deps{
		Store: site.Store{Root: filepath.Join(root, "state")}, Host: host.OS{Getenv: os.Getenv}, Layout: layout.Host{GOOS: "linux"},
		Progress: func(progress.Event) {}, Now: func() time.Time { return b.now }, Random: rand.Reader, Version: "1",
		Authority: func(entra.Options) (entra.Authority, error) { return b, nil },
		Graph: func(o graph.Options) (graph.Directory, error) {
			b.asked = o
			return b, nil
		},
	}
	b.Proof.Now, b.Proof.Jitter = b.Now, func() float64 { return 0 }
	b.Proof.Wait = func(_ context.Context, d time.Duration) error {
		b.waits, b.now = append(b.waits, d), b.now.Add(d)
		return nil
	}
	return b
}

func (b *bench) Discover(context.Context) (entra.Tenant, error) { return b.tenant, nil }

func (*bench) SignIn(_ context.Context, _ entra.Tenant, id string, with secret.Value) (entra.Grant, error) {
	if id != clientID || with.Reveal() != value {
		return entra.Grant{}, errors.New("another secret was sent")
	}
	return entra.Grant{}, nil
}

// signIn is a token for who knows the place.
func (b *bench) signIn(_ context.Context, at secrets.Place) (signin.Source, error) {
	if at.Question.ClientID != clientID || at.InUse.Reveal() != value {
		return nil, errors.New("another place")
	}
	return &signintest.Fake{Value: secret.New("TST-token")}, nil
}

func (b *bench) Application(context.Context, string) (graph.Application, error) {
	if len(b.answers) == 0 {
		return b.app, nil
	}
	err := b.answers[0]
	b.answers = b.answers[1:]
	if err == nil {
		return b.app, nil
	}
	return graph.Application{}, err
}

func (b *bench) AddPassword(context.Context, string, graph.Wanted) (graph.Created, error) {
	return graph.Created{}, errors.New("not of a list")
}

func (b *bench) RemovePassword(ctx context.Context, _, keyID string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var err error
	if len(b.removal) > 0 {
		err, b.removal = b.removal[0], b.removal[1:]
	}
	if err == nil || b.lost {
		b.app.Credentials = slices.DeleteFunc(b.app.Credentials, func(c graph.Credential) bool { return c.KeyID == keyID })
	}
	return err
}

func (b *bench) Policy(context.Context, graph.Application) (graph.Policy, error) {
	return graph.Policy{}, errors.New("not of a list")
}
