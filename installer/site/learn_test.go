package site_test

import (
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/site"
)

// registered is "ID=hint ID=hint …" as a directory lists it, all of the same days.
func registered(t *testing.T, text string) []graph.Credential {
	t.Helper()
	var all []graph.Credential
	for _, pair := range strings.Fields(text) {
		id, hint, _ := strings.Cut(pair, "=")
		all = append(all, graph.Credential{
			KeyID: id, Hint: hint, Name: "name of " + id,
			Start: time.Date(2026, 6, 30, 23, 30, 0, 0, time.FixedZone("", -3600)), End: time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC),
		})
	}
	return all
}

func TestWhatADirectoryTellsOfASecretIsAddedToWhatAPersonTold(t *testing.T) {
	value := secret.New("abc8Q~TST-new")
	of := func(id string) site.Known {
		return site.Known{ID: id, DisplayName: "name of 1", Starts: "2026-07-01", Expires: "2026-12-31", From: site.Directory}
	}
	second := of("2")
	second.DisplayName = "name of 2"
	against := func(id string) site.Known {
		k := of(id)
		k.From = site.Administrator
		return k
	}
	for name, c := range map[string]struct {
		listed  string
		told    site.Known
		want    site.Known
		warning string // a part of the only one
	}{
		"one hint":                     {"1=abc 2=xyz", site.Known{}, of("1"), ""},
		"two hints":                    {"1=abc 2=abc", site.Known{}, site.Known{}, ""},
		"two hints, the day told":      {"1=abc 2=abc", site.Known{Expires: "2026-12-30"}, site.Known{Expires: "2026-12-30"}, ""},
		"two hints, one told":          {"1=abc 2=abc", site.Known{ID: "2"}, second, ""},
		"no such hint":                 {"2=xyz 3=", site.Known{}, site.Known{}, ""},
		"none listed":                  {"", site.Known{ID: "1"}, site.Known{ID: "1"}, ""},
		"told alike":                   {"1=abc", site.Known{ID: "1", Expires: "2026-12-31"}, of("1"), ""},
		"told the day of another zone": {"1=abc", site.Known{Expires: "2027-01-01"}, of("1"), ""},
		"told another day":             {"1=abc", site.Known{Expires: "2027-01-02"}, of("1"), "the last day that was given, 2027-01-02, is not the one that Microsoft Graph tells: 2026-12-31 is recorded"},
		"told the ID of another":       {"1=abc 2=xyz", site.Known{ID: "2"}, against("2"), "the Secret ID that was given, 2, is not this client secret's, as Microsoft Graph tells; 1 is: correct it"},
		"told an ID that is not there": {"1=abc", site.Known{ID: "9"}, against("9"), "; 1 is: correct it"},
		"told another, this not there": {"2=xyz", site.Known{ID: "2"}, site.Known{ID: "2"}, "is not this client secret's, as Microsoft Graph tells: correct it"},
	} {
		got, warnings := site.Learn(registered(t, c.listed), value, c.told)
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		if said := strings.Join(warnings, "\n"); !strings.Contains(said, c.warning) || len(warnings) > 1 || c.warning == "" && said != "" {
			t.Errorf("%s: got warnings %q, want %q", name, warnings, c.warning)
		}
	}
}

func TestADayThatADirectoryDoesNotTellStaysAsItWasTold(t *testing.T) {
	listed := []graph.Credential{{KeyID: "1", Hint: "abc"}}
	got, warnings := site.Learn(listed, secret.New("abc8Q~TST-new"), site.Known{Expires: "2026-12-31"})
	if want := (site.Known{ID: "1", Expires: "2026-12-31", From: site.Directory}); got != want || len(warnings) > 0 {
		t.Errorf("got %+v, %q, want %+v", got, warnings, want)
	}
}

func TestNothingIsLeftToAskWhereIDAndDayAreTold(t *testing.T) {
	for _, k := range []site.Known{{ID: "1", Expires: "2026-12-31"}, {From: site.Directory}} {
		if !k.Settled() {
			t.Errorf("%+v is not settled", k)
		}
	}
	for _, k := range []site.Known{{}, {ID: "1"}, {Expires: "2026-12-31"}} {
		if k.Settled() {
			t.Errorf("%+v is settled", k)
		}
	}
}
