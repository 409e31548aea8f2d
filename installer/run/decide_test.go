package run_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/run"
)

// records writes a journal's records short: "do0 done0 undo0 committed".
func records(t *testing.T, short string) []journal.Record {
	t.Helper()
	all := []journal.Record{{Seq: 1, Kind: "begin"}}
	for _, word := range strings.Fields(short) {
		kind := strings.TrimRight(word, "0123456789-")
		r := journal.Record{Seq: len(all) + 1, Kind: kind, Data: json.RawMessage("{}")}
		if kind != word {
			act, err := strconv.Atoi(strings.TrimPrefix(word, kind))
			if err != nil {
				t.Fatal(err)
			}
			r.Data = json.RawMessage(`{"act":` + strconv.Itoa(act) + `}`)
		}
		all = append(all, r)
	}
	return all
}

func TestDecideFollowsFromTheRecordsAlone(t *testing.T) {
	var head run.Head
	if err := json.Unmarshal([]byte(`{"format":1,"pivot":2,"acts":[{},{},{}]}`), &head); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		short string
		want  run.Decision
	}{
		{"", run.Decision{Way: run.Discard}},
		{"do0", run.Decision{Way: run.Revert, Begun: 1}},
		{"do0 done0", run.Decision{Way: run.Revert, Begun: 1, Done: 1}},
		{"do0 done0 do1", run.Decision{Way: run.Revert, Begun: 2, Done: 1}},
		{"do0 done0 do1 done1", run.Decision{Way: run.Forward, Begun: 2, Done: 2}},
		{"do0 done0 do1 done1 do2", run.Decision{Way: run.Forward, Begun: 3, Done: 2}},
		{"do0 done0 do1 done1 do2 done2", run.Decision{Way: run.Forward, Begun: 3, Done: 3}},
		{"do0 done0 do1 done1 do2 done2 committed", run.Decision{Way: run.Finish, Begun: 3, Done: 3}},
		{"do0 done0 do1 done1 do2 undo2", run.Decision{Way: run.Revert, Begun: 3, Done: 2}},
		{"do0 done0 do1 done1 do2 undo2 undone2 undo1", run.Decision{Way: run.Revert, Begun: 3, Done: 2}},
	} {
		got, err := run.Decide(head, records(t, c.short))
		if err != nil || got != c.want {
			t.Errorf("%q: got %+v, %v, want %+v", c.short, got, err, c.want)
		}
	}
}

func TestDecideRefusesWhatItDoesNotKnow(t *testing.T) {
	var head run.Head
	if err := json.Unmarshal([]byte(`{"format":1,"pivot":1,"acts":[{}]}`), &head); err != nil {
		t.Fatal(err)
	}
	for _, short := range []string{"do1", "do-1", "jump0"} {
		if _, err := run.Decide(head, records(t, short)); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%q: got %v, want ErrDamaged", short, err)
		}
	}
}
