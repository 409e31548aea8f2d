package run_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/run"
)

// model is a host with a journal, on which decisions are carried out that are cut
// off now and then.
type model struct {
	head    run.Head
	acts    int
	journal []string
	facts   run.Facts
	random  *rand.Rand
}

// randomModel has a journal that a run can leave, acts done in order, perhaps
// undone in reverse, cut off anywhere, and files that hold anything.
func randomModel(t *testing.T, random *rand.Rand) *model {
	t.Helper()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	m := &model{acts: 1 + random.IntN(8), random: random}
	var until time.Time
	if random.IntN(2) == 0 {
		until = now.Add(time.Duration(random.IntN(3)-1) * time.Hour)
	}
	m.head = head(t, m.acts, 1+random.IntN(m.acts), until)
	m.facts = run.Facts{Now: now, Boot: random.IntN(4) == 0}
	states := []atomicfile.State{"", atomicfile.Old, atomicfile.New, atomicfile.Torn, atomicfile.Missing, atomicfile.Other}
	for range m.acts {
		m.facts.Holds = append(m.facts.Holds, states[random.IntN(len(states))])
	}
	done := random.IntN(m.acts + 1)
	for i := range done {
		m.record("do", i)
		m.record("done", i)
	}
	begun := done
	if done < m.acts && random.IntN(2) == 0 {
		m.record("do", done)
		begun++
	}
	switch {
	case random.IntN(3) == 0:
		for i := begun - 1; i >= 0; i-- {
			m.record("undo", i)
			m.record("undone", i)
		}
	case done == m.acts && random.IntN(2) == 0:
		m.journal = append(m.journal, "committed")
	}
	m.journal = m.journal[:random.IntN(len(m.journal)+1)]
	return m
}

func (m *model) record(kind string, act int) {
	m.journal = append(m.journal, fmt.Sprintf("%s%d", kind, act))
}

func (m *model) cutOff() bool { return m.random.IntN(6) == 0 }

func (m *model) decide(t *testing.T) run.Decision {
	t.Helper()
	d, err := run.Decide(m.head, records(t, strings.Join(m.journal, " ")), m.facts)
	if err != nil {
		t.Fatalf("%q: %v", m.journal, err)
	}
	return d
}

// undo puts files back, as the engine does: all, or none where somebody else
// wrote one.
func (m *model) undo(begun int) (ended bool) {
	if slices.Contains(m.facts.Holds[:begun], atomicfile.Other) {
		return true
	}
	for i := begun - 1; i >= 0; i-- {
		m.record("undo", i)
		if m.cutOff() {
			return false
		}
		m.set(i, atomicfile.Old)
		m.record("undone", i)
	}
	return true
}

func (m *model) set(act int, s atomicfile.State) {
	if m.facts.Holds[act] != "" {
		m.facts.Holds[act] = s
	}
}

// forward does the rest, which fails now and then.
func (m *model) forward(d run.Decision) (ended bool) {
	for i := d.Done; i < m.acts; i++ {
		m.record("do", i)
		switch {
		case m.cutOff():
			return false
		case m.cutOff():
			return m.undo(i + 1)
		}
		m.set(i, atomicfile.New)
		m.record("done", i)
	}
	if m.head.Until.IsZero() {
		m.journal = append(m.journal, "committed")
	}
	return true
}

// has reports whether a file of the first acts is in one of these states.
func (m *model) has(begun int, states ...atomicfile.State) bool {
	return slices.ContainsFunc(m.facts.Holds[:begun], func(s atomicfile.State) bool { return slices.Contains(states, s) })
}

// wrong tells what a decision would do that mixes old and new.
func (m *model) wrong(d run.Decision) string {
	switch d.Way {
	case run.Discard:
		if d.Begun > 0 {
			return "acts were begun"
		}
	case run.Revert:
		if m.has(d.Begun, atomicfile.Other) {
			return "a file of somebody else would stay while others go back"
		}
	case run.Forward, run.Wait, run.Later:
		if m.has(d.Begun, atomicfile.Old, atomicfile.Torn, atomicfile.Missing) {
			return "a file is not new"
		}
	case run.Hands:
		if !m.has(d.Begun, atomicfile.Other) {
			return "nobody else wrote a file"
		}
	case run.Finish:
	}
	return ""
}

// TestNoDecisionMixesOldAndNew lets random journals on whatever the host holds be
// recovered again and again, each recovery cut off or failing now and then. Every
// decision is right by itself, they come to an end, and a revert that ended left
// all files old.
func TestNoDecisionMixesOldAndNew(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2026))
	ways := map[run.Way]int{}
	for range 20_000 {
		m := randomModel(t, random)
		from := fmt.Sprintf("%q, pivot %d of %d, files %q", m.journal, m.head.Pivot, m.acts, m.facts.Holds)
		const most = 200 // recoveries: each gets through with a chance of more than one in five
		ended := false
		for range most {
			d := m.decide(t)
			ways[d.Way]++
			if wrong := m.wrong(d); wrong != "" {
				t.Fatalf("%s, then %q: %s: %s", from, m.journal, d.Way, wrong)
			}
			if ended = m.carryOut(d); ended {
				break
			}
		}
		if !ended {
			t.Fatalf("%s: no end after %d recoveries: %q", from, most, m.journal)
		}
	}
	for _, way := range []run.Way{run.Discard, run.Revert, run.Forward, run.Finish, run.Wait, run.Later, run.Hands} {
		if ways[way] < 30 {
			t.Errorf("%s came %d times only", way, ways[way])
		}
	}
}

// carryOut reports whether the recovery came to its end.
func (m *model) carryOut(d run.Decision) bool {
	switch d.Way {
	case run.Revert:
		return m.undo(d.Begun) && !m.has(d.Begun, atomicfile.New, atomicfile.Torn, atomicfile.Missing, atomicfile.Other)
	case run.Forward:
		return m.forward(d)
	case run.Discard, run.Finish, run.Wait, run.Later, run.Hands:
	}
	return true
}
