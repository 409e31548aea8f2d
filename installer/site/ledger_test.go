package site_test

import (
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/site"
)

func TestTheFateOfWhatARunMade(t *testing.T) {
	began := time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)
	soon, late := began.Add(time.Minute), began.Add(site.Behind+time.Second)
	listed := &graph.Credential{KeyID: "k", End: began.AddDate(0, 6, 0)}
	ended := &graph.Credential{KeyID: "k", End: began.Add(time.Second)}
	for name, c := range map[string]struct {
		keyID string
		found site.Traces
		want  site.Fate
	}{
		"killed before the request":                {"", site.Traces{Kept: handed.Begun, Now: soon}, site.Uncertain},
		"killed before the request, long ago":      {"", site.Traces{Kept: handed.Begun, Now: late}, site.Vanished},
		"killed before the answer":                 {"", site.Traces{Kept: handed.Begun, Listed: listed, Now: soon}, site.Orphaned},
		"killed once it was kept":                  {"", site.Traces{Kept: handed.Kept, Listed: listed, Now: soon}, site.Resumed},
		"kept, its ID unknown, replica behind":     {"", site.Traces{Kept: handed.Kept, Now: soon}, site.Uncertain},
		"kept, its ID known, replica behind":       {"k", site.Traces{Kept: handed.Kept, Now: soon}, site.Resumed},
		"kept, listed":                             {"k", site.Traces{Kept: handed.Kept, Listed: listed, Now: late}, site.Resumed},
		"kept, and removed by somebody else":       {"k", site.Traces{Kept: handed.Kept, Now: late}, site.Vanished},
		"kept, and ended":                          {"k", site.Traces{Kept: handed.Kept, Listed: ended, Now: soon}, site.Orphaned},
		"in the files":                             {"k", site.Traces{Kept: handed.Kept, InUse: true, Listed: listed, Now: soon}, site.Adopted},
		"in the files, replica behind":             {"k", site.Traces{Kept: handed.Kept, InUse: true, Now: late}, site.Adopted},
		"on record, its value forgotten":           {"k", site.Traces{InUse: true, Listed: listed, Now: soon}, site.Adopted},
		"came into use, and changed by hand since": {"k", site.Traces{Kept: handed.Done, Listed: listed, Now: late}, site.Adopted},
		"its value thrown away":                    {"k", site.Traces{Listed: listed, Now: soon}, site.Orphaned},
		"its value thrown away, replica behind":    {"k", site.Traces{Now: soon}, site.Uncertain},
	} {
		if used := (site.Making{KeyID: c.keyID, Since: began, Used: true}).Fate(c.found); used != site.Adopted {
			t.Errorf("%s, and it was used: got %s", name, used)
		}
		if got := (site.Making{KeyID: c.keyID, Since: began}).Fate(c.found); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestWhatWasMadeIsFoundByItsIDElseByItsName(t *testing.T) {
	all := []graph.Credential{{KeyID: "a", Name: "host 1"}, {KeyID: "B", Name: "host 2"}}
	for _, c := range []struct {
		making site.Making
		want   string
	}{
		{site.Making{Name: "host 2"}, "B"},
		{site.Making{Name: "host 2", KeyID: "A"}, "a"},
		{site.Making{Name: "host"}, ""},
		{site.Making{Name: "host 2", KeyID: "c"}, ""},
	} {
		got := ""
		if found := c.making.Find(all); found != nil {
			got = found.KeyID
		}
		if got != c.want {
			t.Errorf("%+v: got %q, want %q", c.making, got, c.want)
		}
	}
}

func TestTheLedgerIsReadAsItWasWrittenAndGoesWhenItIsEmpty(t *testing.T) {
	folder := site.Folder{Path: t.TempDir()}
	moment := time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)
	l, err := folder.ReadLedger()
	if err != nil || !l.Empty() {
		t.Fatalf("got %+v, %v", l, err)
	}
	removal := site.Removal{KeyID: "old", ClientID: "app", Why: site.Replaced, Since: moment, After: moment.Add(time.Hour)}
	l.Begin(site.Making{Run: "1", ClientID: "app", Name: "n", Since: moment})
	l.Begin(site.Making{Run: "1", ClientID: "app", Name: "n", Since: moment, KeyID: "new", Replaces: "old", Retire: &removal})
	l.Owe(removal)
	l.Owe(removal)
	if err := folder.WriteLedger(l); err != nil {
		t.Fatal(err)
	}
	got, err := folder.ReadLedger()
	if err != nil || !reflect.DeepEqual(got, l) || len(got.Making) != 1 || len(got.Removals) != 1 {
		t.Fatalf("got %+v, %v, want %+v", got, err, l)
	}
	if got.Removals[0].Due(moment) || !got.Removals[0].Due(moment.Add(time.Hour)) {
		t.Error("it is due too soon, or too late")
	}
}

func TestALedgerWithNothingLeftIsNoFile(t *testing.T) {
	folder := site.Folder{Path: t.TempDir()}
	l := site.Ledger{Making: []site.Making{{Run: "1"}}, Removals: []site.Removal{{KeyID: "old"}}}
	if err := folder.WriteLedger(l); err != nil {
		t.Fatal(err)
	}
	l.End("1")
	l.Pay("OLD")
	if err := folder.WriteLedger(l); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder.Ledger()); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}

func TestHalfALedgerIsNone(t *testing.T) {
	folder := site.Folder{Path: t.TempDir()}
	if err := os.WriteFile(folder.Ledger(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.ReadLedger(); err == nil {
		t.Error("half a ledger is taken for one")
	}
}
