package secrets_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

const run = "20261126T115900.000Z"

// owing is a configured bench whose record names the secret in use, with a ledger.
func owing(t *testing.T, l site.Ledger) *bench {
	t.Helper()
	b := configured(t)
	folder := b.Store.Folder("PROD")
	here, err := folder.Open(settings.Known)
	if err != nil {
		t.Fatal(err)
	}
	here.Record.Credential.ID = usedID
	text, err := here.Record.Encode()
	if err = errors.Join(err, os.WriteFile(folder.Record(), text, 0o600), folder.WriteLedger(l)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) payOwed(ctx context.Context) (report.Report, error) {
	return secrets.PayOwed(ctx, b.Deps, secrets.Request{Environment: "PROD", SignIn: b.signIn})
}

func (b *bench) ledger(t *testing.T) site.Ledger {
	t.Helper()
	l, err := b.Store.Folder("PROD").ReadLedger()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestARunIsNamedUntilNothingOfItIsKept(t *testing.T) {
	b := owing(t, site.Ledger{Making: []site.Making{{Run: run, ClientID: clientID, Name: "n", KeyID: usedID, Since: began()}}})
	kept := filepath.Join(b.Store.Folder("PROD").Handed(), run+".done")
	if err := os.MkdirAll(filepath.Join(kept, "cannot be removed"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := b.payOwed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.ledger(t).Making; len(got) != 1 || !got[0].Used {
		t.Errorf("got %+v, want the run, whose secret was used", got)
	}
	err := errors.Join(os.Remove(filepath.Join(kept, "cannot be removed")), os.Remove(kept), os.WriteFile(kept, nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.payOwed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(kept); !os.IsNotExist(err) || len(b.ledger(t).Making) != 0 || b.listed() != usedID+" "+oldID {
		t.Errorf("kept: %v, got %+v, left %s", err, b.ledger(t), b.listed())
	}
}

func TestWhatWasUsedIsNotRemovedThoughTheFilesHoldAnotherSince(t *testing.T) {
	b := owing(t, site.Ledger{Making: []site.Making{{Run: run, ClientID: clientID, Name: "old", KeyID: oldID, Since: began(), Used: true}}})
	if _, err := b.payOwed(t.Context()); err != nil || b.listed() != usedID+" "+oldID || len(b.ledger(t).Making) != 0 {
		t.Errorf("got %v, %+v, left %s", err, b.ledger(t), b.listed())
	}
}

func TestAReplicaIsBelievedThatListsWhatIsYounger(t *testing.T) {
	for why, waits := range map[string]int{site.Replaced: 0, site.Unused: 4} {
		b := owing(t, site.Ledger{Removals: []site.Removal{{KeyID: oldID, ClientID: clientID, Why: why, Since: began()}}})
		b.app.Credentials = b.app.Credentials[:1]
		for range 5 {
			b.removal = append(b.removal, &graph.Error{Cause: graph.Gone})
		}
		_, err := b.payOwed(t.Context())
		paid := len(b.ledger(t).Removals) == 0
		if len(b.waits) != waits || paid != (waits == 0) || (err == nil) != paid {
			t.Errorf("%s: got %v, %d waits, %+v", why, err, len(b.waits), b.ledger(t))
		}
	}
}

func TestAnEmptyValueIsNoneThatIsKept(t *testing.T) {
	b := owing(t, site.Ledger{Making: []site.Making{{Run: run, ClientID: clientID, Name: "old", KeyID: oldID, Since: began()}}})
	folder := b.Store.Folder("PROD").Handed()
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, run+".secret"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.payOwed(t.Context()); err != nil || b.listed() != usedID || len(b.ledger(t).Making) != 0 {
		t.Errorf("got %v, %+v, left %s", err, b.ledger(t), b.listed())
	}
}

func TestOneThatCannotBeRemovedKeepsNoOtherFromBeingRemoved(t *testing.T) {
	const third = "dddddddd-0000-4000-8000-000000000003"
	removal := func(id string) site.Removal {
		return site.Removal{KeyID: id, ClientID: clientID, Why: site.Replaced, Since: began()}
	}
	b := owing(t, site.Ledger{Removals: []site.Removal{removal(oldID), removal(third), removal(usedID)}})
	b.app.Credentials = append(b.app.Credentials, graph.Credential{KeyID: third, Hint: "uvw"})
	b.removal = []error{&graph.Error{Cause: graph.Forbidden}}
	r, err := b.payOwed(t.Context())
	left := b.ledger(t).Removals
	if err == nil || b.listed() != usedID+" "+oldID || len(left) != 1 || left[0].KeyID != oldID || len(r.Retired) != 1 {
		t.Errorf("got %v, %+v, left %s, want the first owed, the second removed, and the one in use forgiven", err, left, b.listed())
	}
}
