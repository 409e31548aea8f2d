package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/signin/signintest"
	"github.com/empowersuite/backend-installer/installer/site"
)

// tenant is a directory whose answers get lost, are refused or are of some time ago,
// and an Entra ID that may not know a secret yet, as chance has it.
type tenant struct {
	*bench
	chance *rand.Rand
	faulty bool
	values map[string]string // by key ID
	past   []past
	wanted graph.Wanted
	policy graph.Policy
	noSign error // of every sign-in
}

// past is what the application was until a moment.
type past struct {
	graph.Application

	until time.Time
}

func newTenant(t *testing.T, seed uint64) *tenant {
	t.Helper()
	b := configured(t)
	b.app.Credentials = []graph.Credential{{KeyID: usedID, Hint: "abc", Name: "in use before"}}
	n := &tenant{bench: b, chance: rand.New(rand.NewPCG(seed, 0)), values: map[string]string{usedID: value}}
	n.Authority = func(entra.Options) (entra.Authority, error) { return n, nil }
	n.Graph = func(graph.Options) (graph.Directory, error) { return n, nil }
	return n
}

// fails is an error that chance picks, and whether the call is carried out with it.
func (n *tenant) fails(done ...bool) (does bool, err error) {
	if !n.faulty || n.chance.IntN(3) > 0 {
		return true, nil
	}
	errs := []error{
		&graph.Error{Cause: graph.Throttled}, &graph.Error{Cause: graph.Forbidden}, &graph.Error{Cause: graph.Gone},
		&graph.Error{Cause: graph.Disturbed}, &exchange.Error{Class: exchange.Unreachable}, &exchange.Error{Class: exchange.Transient},
	}
	i := n.chance.IntN(len(errs))
	const lost = 3 // from here on nobody knows whether it was done
	return i >= lost && len(done) > 0 && n.chance.IntN(2) == 0, errs[i]
}

func (n *tenant) SignIn(_ context.Context, _ entra.Tenant, _ string, with secret.Value) (entra.Grant, error) {
	if n.noSign != nil {
		return entra.Grant{}, n.noSign
	}
	for id, text := range n.values {
		late := n.faulty && n.chance.IntN(4) == 0
		if with.Reveal() == text && listed(n.app, id) && !late {
			return entra.Grant{}, nil
		}
	}
	return entra.Grant{}, &entra.Error{Class: entra.SecretWrong}
}

func listed(app graph.Application, id string) bool {
	return slices.ContainsFunc(app.Credentials, func(c graph.Credential) bool { return c.KeyID == id })
}

func (n *tenant) Application(context.Context, string) (graph.Application, error) {
	if does, err := n.fails(); !does {
		return graph.Application{}, err
	}
	app := n.app
	if shown := n.shown(); n.faulty && len(shown) > 0 && n.chance.IntN(3) == 0 {
		app = shown[n.chance.IntN(len(shown))].Application // a replica that is behind
	}
	app.Credentials, app.Now = slices.Clone(app.Credentials), n.now
	return app, nil
}

// shown is what replicas may still show: none is behind for longer than the ledger waits.
func (n *tenant) shown() []past {
	return slices.DeleteFunc(slices.Clone(n.past), func(p past) bool { return n.now.Sub(p.until) >= site.Behind })
}

func (n *tenant) change() {
	app := n.app
	app.Credentials = slices.Clone(app.Credentials)
	n.past = append(n.past, past{app, n.now})
}

func (n *tenant) AddPassword(_ context.Context, _ string, wanted graph.Wanted) (graph.Created, error) {
	does, err := n.fails(true)
	if !does {
		return graph.Created{}, err
	}
	n.change()
	n.wanted = wanted
	number := len(n.values)
	text := fmt.Sprintf("c%02d8Q~TST-not-a-real-secret-%010dZ0", number, number)
	c := graph.Credential{KeyID: fmt.Sprintf("cccccccc-0000-4000-8000-%012d", number), Hint: text[:3], Name: wanted.Name, Start: n.now, End: wanted.End}
	n.values[c.KeyID] = text
	n.app.Credentials = append(n.app.Credentials, c)
	if err != nil {
		return graph.Created{}, err
	}
	return graph.Created{Credential: c, Value: secret.New(n.values[c.KeyID])}, nil
}

func (n *tenant) RemovePassword(_ context.Context, _, keyID string) error {
	does, err := n.fails(true)
	if !does {
		return err
	}
	if !listed(n.app, keyID) {
		return &graph.Error{Cause: graph.Gone, Status: 400}
	}
	n.change()
	n.app.Credentials = slices.DeleteFunc(slices.Clone(n.app.Credentials), func(c graph.Credential) bool { return c.KeyID == keyID })
	return err
}

func (n *tenant) Policy(context.Context, graph.Application) (graph.Policy, error) {
	_, err := n.fails()
	return n.policy, err
}

func (n *tenant) inFile(t *testing.T) string {
	t.Helper()
	file, err := atomicfile.Read(n.config, 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	for id, text := range n.values {
		if text == string(file.Data) {
			return id
		}
	}
	return ""
}

func (n *tenant) rotate(t *testing.T, when secrets.When) (report.Report, error) {
	t.Helper()
	n.RunID = n.now.Format(session.RunIDLayout)
	r, err := secrets.Rotate(t.Context(), n.Deps, secrets.Rotation{
		Environment: "PROD", Window: 10 * time.Second, Retire: when,
		SignIn: func(context.Context, secrets.Place) (signin.Source, error) {
			return &signintest.Fake{Value: secret.New("TST-token")}, nil
		},
	})
	n.now = n.now.Add(time.Second)
	return r, err
}

func (n *tenant) pay(t *testing.T) error {
	t.Helper()
	_, err := secrets.PayOwed(t.Context(), n.Deps, secrets.Request{
		Environment: "PROD", SignIn: func(context.Context, secrets.Place) (signin.Source, error) {
			return &signintest.Fake{Value: secret.New("TST-token")}, nil
		},
	})
	n.now = n.now.Add(time.Second)
	return err
}

// kept are the files in the state folder that are not there for good.
func (n *tenant) kept() []string {
	var all []string
	folder := n.Store.Folder("PROD")
	entries, _ := os.ReadDir(folder.Handed()) // without one there are none
	for _, e := range entries {
		all = append(all, e.Name())
	}
	if _, err := os.Stat(folder.Ledger()); err == nil {
		all = append(all, "the ledger")
	}
	return all
}

func TestWhateverTheDirectoryAnswersNoSecretIsOrphanedOrLost(t *testing.T) {
	worlds := uint64(60)
	if testing.Short() {
		worlds = 12
	}
	ends := map[string]int{}
	for seed := range worlds {
		n := newTenant(t, seed)
		when := []secrets.When{secrets.Never, secrets.Now}[seed%2]
		n.live(t, seed, when, ends)
		n.faulty = false
		before := n.inFile(t)
		if _, err := n.rotate(t, when); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		n.now = n.now.Add(time.Hour)
		if err := n.pay(t); err != nil {
			t.Fatalf("world %d: what is owed: %v", seed, err)
		}
		n.judge(t, seed, when, before)
	}
	t.Logf("runs that ended well and others: %v", ends)
	if ends["true"] == 0 || ends["false"] == 0 {
		t.Error("the worlds are all alike")
	}
}

// live is a while in which things fail: whatever happens, the file holds a secret that
// is there, and a run that fails leaves the one that it found.
func (n *tenant) live(t *testing.T, seed uint64, when secrets.When, ends map[string]int) {
	t.Helper()
	for n.faulty = true; n.chance.IntN(4) > 0; {
		before := n.inFile(t)
		_, err := n.rotate(t, when)
		if n.chance.IntN(4) == 0 {
			_ = n.pay(t) // it may fail
		}
		if n.chance.IntN(4) == 0 {
			n.now = n.now.Add(time.Hour)
		}
		used := n.inFile(t)
		if !listed(n.app, used) || err != nil && used != before {
			t.Fatalf("world %d: the file holds %q of %v; %v", seed, used, n.app.Credentials, err)
		}
		ends[fmt.Sprint(err == nil)]++
	}
}

// judge looks at what stands once a world is sound again.
func (n *tenant) judge(t *testing.T, seed uint64, when secrets.When, before string) {
	t.Helper()
	used := n.inFile(t)
	if !listed(n.app, used) {
		t.Errorf("world %d: the one in the file is gone", seed)
	}
	if left := n.kept(); len(left) > 0 {
		t.Errorf("world %d: left: %v", seed, left)
	}
	if when == secrets.Now && (len(n.app.Credentials) != 1 || used == before && len(n.values) > 2) {
		t.Errorf("world %d: %d stand, want the one in use alone: %v", seed, len(n.app.Credentials), n.app.Credentials)
	}
	if when == secrets.Never && !listed(n.app, usedID) {
		t.Errorf("world %d: the one before was removed, which nobody wanted", seed)
	}
}

func TestTheSecretEndsByTheServersClockWithinThePolicy(t *testing.T) {
	const oneDay = 24 * time.Hour
	for name, c := range map[string]struct {
		asked  time.Duration
		policy graph.Policy
		want   time.Duration
		cause  string
	}{
		"the default":        {0, graph.Policy{}, 180 * oneDay, ""},
		"as asked":           {90 * oneDay, graph.Policy{}, 90 * oneDay, ""},
		"as long as allowed": {0, graph.Policy{Longest: 30 * oneDay}, 30 * oneDay, ""},
		"less than allowed":  {7 * oneDay, graph.Policy{Longest: 30 * oneDay}, 7 * oneDay, ""},
		"more than allowed":  {90 * oneDay, graph.Policy{Longest: 30 * oneDay}, 0, "graph-lifetime"},
		"none allowed":       {0, graph.Policy{Forbidden: true}, 0, "graph-no-secrets"},
	} {
		n := newTenant(t, 0)
		n.policy = c.policy
		_, err := secrets.Rotate(t.Context(), n.Deps, secrets.Rotation{
			Environment: "PROD", Lifetime: c.asked, SignIn: func(context.Context, secrets.Place) (signin.Source, error) {
				return &signintest.Fake{Value: secret.New("TST-token")}, nil
			},
		})
		var refused *graph.Error
		switch {
		case c.cause != "":
			if !errors.As(err, &refused) || string(refused.Cause) != c.cause || len(n.values) != 1 || fault.Of(err).Remedy == "" {
				t.Errorf("%s: got %v and %d secrets, want %s", name, err, len(n.values), c.cause)
			}
		case err != nil || n.wanted.End.Sub(n.app.Now) != c.want && n.wanted.End.Sub(n.app.Now) > c.want+time.Minute:
			t.Errorf("%s: got %v, %s", name, err, n.wanted.End.Sub(n.app.Now))
		}
	}
}

func TestWhatStandsInForASecretIsNeverWritten(t *testing.T) {
	n := newTenant(t, 0)
	n.noSign = &entra.Error{Class: entra.SecretWrong}
	_, err := n.rotate(t, secrets.Never)
	if fault.Of(err).Code != fault.SecretRejected || n.inFile(t) != usedID || len(n.app.Credentials) != 1 || len(n.kept()) > 0 {
		t.Errorf("got %v, %q in the file, %d secrets, %v", err, n.inFile(t), len(n.app.Credentials), n.kept())
	}
	if !strings.HasSuffix(n.wanted.Name, " "+n.RunID) {
		t.Errorf("it was named %q, want the run %s in it", n.wanted.Name, n.RunID)
	}
}
