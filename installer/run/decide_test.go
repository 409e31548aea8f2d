package run_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
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

// head is that of a change with so many acts.
func head(t *testing.T, acts, pivot int, until time.Time) run.Head {
	t.Helper()
	var h run.Head
	text := fmt.Sprintf(`{"format":1,"pivot":%d,"acts":[%s]}`, pivot, strings.TrimSuffix(strings.Repeat("{},", acts), ","))
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		t.Fatal(err)
	}
	h.Until = until
	return h
}

// holds reads states of files short: "-n o" are an act without one, and so on.
func holds(short string) []atomicfile.State {
	words := map[rune]atomicfile.State{
		'-': "", 'o': atomicfile.Old, 'n': atomicfile.New, 't': atomicfile.Torn, 'm': atomicfile.Missing, 'x': atomicfile.Other,
	}
	var all []atomicfile.State
	for _, c := range short {
		all = append(all, words[c])
	}
	return all
}

func TestDecideFollowsFromTheRecordsAndTheFacts(t *testing.T) {
	const noon, later = 0, 1
	at := func(hours int) time.Time { return time.Date(2026, 11, 26, 12+hours, 0, 0, 0, time.UTC) }
	const all = "do0 done0 do1 done1 do2 done2"
	for _, c := range []struct {
		short string
		holds string
		boot  bool
		until time.Time
		now   int
		want  run.Decision
	}{
		{short: "", want: run.Decision{Way: run.Discard}},
		{short: "do0", want: run.Decision{Way: run.Revert, Begun: 1}},
		{short: "do0 done0", want: run.Decision{Way: run.Revert, Begun: 1, Done: 1}},
		{short: "do0 done0 do1", want: run.Decision{Way: run.Revert, Begun: 2, Done: 1}},
		{short: "do0 done0 do1 done1", want: run.Decision{Way: run.Forward, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1 do2", want: run.Decision{Way: run.Forward, Begun: 3, Done: 2}},
		{short: all, want: run.Decision{Way: run.Forward, Begun: 3, Done: 3}},
		{short: all + " committed", want: run.Decision{Way: run.Finish, Begun: 3, Done: 3}},
		{short: all + " committed undo2", want: run.Decision{Way: run.Revert, Begun: 3, Done: 3}},
		{short: "do0 done0 do1 done1 do2 undo2", want: run.Decision{Way: run.Revert, Begun: 3, Done: 2}},
		{short: "do0 done0 do1 done1 do2 undo2 undone2 undo1", want: run.Decision{Way: run.Revert, Begun: 3, Done: 2}},

		{short: "do0 done0 do1", holds: "nn", want: run.Decision{Way: run.Revert, Begun: 2, Done: 1}},
		{short: "do0 done0 do1 done1", holds: "nn", want: run.Decision{Way: run.Forward, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "no", want: run.Decision{Way: run.Revert, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "nt", want: run.Decision{Way: run.Revert, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "nm", want: run.Decision{Way: run.Revert, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "nx", want: run.Decision{Way: run.Forward, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "ox", want: run.Decision{Way: run.Hands, Begun: 2, Done: 2}},
		{short: "do0 done0 do1", holds: "nx", want: run.Decision{Way: run.Hands, Begun: 2, Done: 1}},
		{short: "do0 done0", holds: "nx", want: run.Decision{Way: run.Revert, Begun: 1, Done: 1}},
		{short: all + " committed", holds: "x--", want: run.Decision{Way: run.Finish, Begun: 3, Done: 3}},

		{short: "do0 done0 do1", holds: "n-", boot: true, want: run.Decision{Way: run.Revert, Begun: 2, Done: 1}},
		{short: "do0 done0 do1", holds: "--", boot: true, want: run.Decision{Way: run.Later, Begun: 2, Done: 1}},
		{short: "do0 done0 do1 done1", holds: "nn", boot: true, want: run.Decision{Way: run.Later, Begun: 2, Done: 2}},
		{short: all + " committed", holds: "nn-", boot: true, want: run.Decision{Way: run.Finish, Begun: 3, Done: 3}},

		{short: all, holds: "nn-", until: at(later), want: run.Decision{Way: run.Wait, Begun: 3, Done: 3}},
		{short: all, holds: "nn-", until: at(later), boot: true, want: run.Decision{Way: run.Wait, Begun: 3, Done: 3}},
		{short: all, holds: "nn-", until: at(later), now: later, want: run.Decision{Way: run.Revert, Begun: 3, Done: 3}},
		{short: all, holds: "nx-", until: at(later), now: later, want: run.Decision{Way: run.Hands, Begun: 3, Done: 3}},
		{short: all + " committed", holds: "nn-", until: at(later), now: later, want: run.Decision{Way: run.Finish, Begun: 3, Done: 3}},
		{short: "do0 done0 do1 done1", holds: "nn", until: at(later), want: run.Decision{Way: run.Forward, Begun: 2, Done: 2}},
		{short: "do0 done0 do1 done1", holds: "nn", until: at(noon), want: run.Decision{Way: run.Revert, Begun: 2, Done: 2}},
	} {
		facts := run.Facts{Now: at(c.now), Boot: c.boot, Holds: holds(c.holds)}
		got, err := run.Decide(head(t, 3, 2, c.until), records(t, c.short), facts)
		if err != nil || got != c.want {
			t.Errorf("%q with files %q: got %+v, %v, want %+v", c.short, c.holds, got, err, c.want)
		}
	}
}

func TestDecideRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, short := range []string{"do1", "do-1", "jump0"} {
		if _, err := run.Decide(head(t, 1, 1, time.Time{}), records(t, short), run.Facts{}); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%q: got %v, want ErrDamaged", short, err)
		}
	}
}
