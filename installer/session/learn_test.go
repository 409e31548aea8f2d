package session_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// directory is an Entra ID that accepts everything, and its Microsoft Graph.
type directory struct {
	graph.Directory

	root    string // that the discovery document names
	grant   entra.Grant
	options graph.Options
	asked   int
	within  time.Duration
	problem error
}

func (d *directory) Discover(context.Context) (entra.Tenant, error) {
	return entra.Tenant{Graph: d.root}, nil
}

func (d *directory) SignIn(context.Context, entra.Tenant, string, secret.Value) (entra.Grant, error) {
	d.grant.Token = secret.New("a-token")
	return d.grant, nil
}

func (d *directory) Application(ctx context.Context, clientID string) (graph.Application, error) {
	d.asked++
	end, _ := ctx.Deadline()
	d.within = time.Until(end)
	return graph.Application{ClientID: clientID, Credentials: []graph.Credential{{KeyID: "key-1", Hint: marked[:3], Name: "first"}}}, d.problem
}

// learn proves a secret and asks d for the rest.
func learn(t *testing.T, d *directory, told site.Known) (site.Known, []string) {
	t.Helper()
	with := deps(t)
	with.Authority = func(entra.Options) (entra.Authority, error) { return d, nil }
	with.Graph = func(o graph.Options) (graph.Directory, error) {
		d.options = o
		return d, nil
	}
	with.Proof = proof.Deps{
		Now: time.Now, Jitter: func() float64 { return 0 }, Wait: func(context.Context, time.Duration) error { return nil },
	}
	get := site.Site{}.Lookup(nil, map[string]secret.Value{
		settings.TenantID: secret.New("contoso.com"), settings.ClientID: secret.New("app"),
	})
	accepted, err := with.Accepted(t.Context(), get, secret.New(marked), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return with.Learn(t.Context(), accepted, told)
}

func TestMicrosoftGraphIsAskedOnceWithTheTokenOfTheProof(t *testing.T) {
	d := &directory{root: "https://graph.example"}
	got, warnings := learn(t, d, site.Known{})
	if want := (site.Known{ID: "key-1", DisplayName: "first", From: site.Directory}); got != want || len(warnings) > 0 {
		t.Errorf("got %+v, %q, want %+v", got, warnings, want)
	}
	if d.asked != 1 || d.within > 5*time.Second || d.within <= 0 {
		t.Errorf("asked %d times, within %s", d.asked, d.within)
	}
	if d.options.Root != d.root || d.options.Token.Reveal() != "a-token" {
		t.Errorf("asked at %q with another token than the proof's", d.options.Root)
	}
}

func TestWithoutAnAnswerOfMicrosoftGraphNothingIsLearnt(t *testing.T) {
	d := &directory{root: "https://graph.example", problem: errors.New("forbidden")}
	told := site.Known{Expires: "2026-12-31"}
	if got, warnings := learn(t, d, told); got != told || len(warnings) > 0 || d.asked != 1 {
		t.Errorf("got %+v, %q, asked %d times", got, warnings, d.asked)
	}
}

func TestMicrosoftGraphIsNotAskedForWhatIsKnownOrWhereThereIsNone(t *testing.T) {
	for name, c := range map[string]struct {
		root  string
		grant entra.Grant
		told  site.Known
	}{
		"told by a person": {"https://graph.example", entra.Grant{}, site.Known{ID: "1", Expires: "2026-12-31"}},
		"told before":      {"https://graph.example", entra.Grant{}, site.Known{ID: "1", From: site.Directory}},
		"no Graph named":   {"", entra.Grant{}, site.Known{}},
		"no permission":    {"https://graph.example", entra.Grant{Powerless: true}, site.Known{}},
	} {
		d := &directory{root: c.root, grant: c.grant}
		if got, _ := learn(t, d, c.told); got != c.told || d.asked != 0 {
			t.Errorf("%s: got %+v, asked %d times", name, got, d.asked)
		}
	}
}
