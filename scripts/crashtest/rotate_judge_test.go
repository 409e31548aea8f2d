//go:build faults && linux && amd64

package crashtest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// judgeCut looks at what a run left, before anybody mends it: every secret in use is
// accepted, and whatever was made is in use or known to the next run.
func (r *rotor) judgeCut(v *verdict) {
	for _, problem := range r.takeProblems() {
		v.say("%s", problem)
	}
	used, err := r.used()
	if err != nil {
		v.say("%v", err)
		return
	}
	inUse := map[string]bool{}
	for _, name := range configured() {
		if len(used[name]) == 0 && !process(name) {
			v.say("%s holds no client secret", name)
		}
		for _, value := range used[name] {
			p, known := r.holder(value)
			if !known {
				v.say("%s holds a client secret that Entra ID does not accept", name)
			}
			inUse[p.KeyID] = true
		}
	}
	r.judgeKnown(v, inUse)
}

// judgeKnown makes sure that the ledger names what was made and is not in use.
func (r *rotor) judgeKnown(v *verdict, inUse map[string]bool) {
	ledger, err := os.ReadFile(r.ledger())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		v.say("%v", err)
	}
	for _, p := range r.passwords() {
		if !strings.HasPrefix(p.Name, ownName) || inUse[p.KeyID] {
			continue
		}
		if !strings.Contains(string(ledger), p.KeyID) && !strings.Contains(string(ledger), p.Name) {
			v.say("the client secret %s (%q) is not in use, and the next run does not know of it", p.KeyID, p.Name)
		}
	}
}

func (r *rotor) ledger() string { return filepath.Join(r.tree, "state/PROD/credentials.json") }

// judgeTold looks at a run that ended by itself: its exit status has to be true.
func (r *rotor) judgeTold(v *verdict, o outcome, harmless bool) {
	before := len(v.problems)
	used, err := r.used()
	if err != nil {
		v.say("%v", err)
	}
	allNew, allOld := uniform(used)
	switch {
	case o.Overdue:
		v.say("it hung")
	case harmless && o.Exit != 0:
		v.say("exit status %d, want 0 as without the fault", o.Exit)
	case o.Exit == 0 && !allNew:
		v.say("exit status 0, but the new client secret is not in use: %v", brieflyUsed(used))
	case saysOld(o.Exit) && !allOld:
		v.say("exit status %d, but the old client secret is not in use: %v", o.Exit, brieflyUsed(used))
	case !slices.Contains([]int{0, 21}, o.Exit) && !saysOld(o.Exit):
		v.say("exit status %d", o.Exit)
	}
	if len(v.problems) > before {
		v.say("it said:\n%s%s", o.stdout, o.stderr)
	}
}

// uniform reports whether every file and every service has a new client secret, or the
// old one.
func uniform(used map[string][]string) (allNew, allOld bool) {
	var old, fresh int
	for _, values := range used {
		if slices.Contains(values, oldSecret) {
			old++
		} else if len(values) > 0 {
			fresh++
		}
	}
	return fresh == len(configured()), old == len(configured())
}

// brieflyUsed tells which files hold the old secret, without a secret.
func brieflyUsed(used map[string][]string) string {
	var all []string
	for _, name := range sorted(used) {
		for _, value := range used[name] {
			all = append(all, fmt.Sprintf("%s: old %t", name, value == oldSecret))
		}
	}
	return strings.Join(all, ", ")
}

// judgeNextRuns runs the same command again until it succeeds, twice at most, and
// then looks whether everything is settled. What the directory may not list yet is
// settled once its clock is past that.
func (r *rotor) judgeNextRuns(v *verdict) {
	const most = 2
	var said []string
	for n := 1; ; n++ {
		o, err := r.run(rotate())
		v.recovery += o.Took
		r.judgeCut(v)
		said = append(said, fmt.Sprintf("run %d, exit status %d:\n%s%s", n, o.Exit, o.stdout, o.stderr))
		if err == nil && o.Exit == 0 {
			break
		}
		if err != nil || n == most {
			v.say("%d further runs did not succeed: %v\n%s", n, err, strings.Join(said, ""))
			return
		}
	}
	if _, err := os.Stat(r.ledger()); err == nil {
		r.entra.Set(entratest.Knobs{ClockOffset: later})
		o, err := r.run(payOwed())
		v.recovery += o.Took
		r.judgeCut(v)
		said = append(said, fmt.Sprintf("retire --owed, exit status %d:\n%s%s", o.Exit, o.stdout, o.stderr))
		if err != nil || o.Exit != 0 {
			v.say("what was owed was not settled: exit status %d, %v", o.Exit, err)
		}
	}
	r.judgeSettled(v)
	if len(v.problems) > 0 {
		v.say("they said:\n%s", strings.Join(said, ""))
	}
}

// judgeSettled looks at what stands in the end.
func (r *rotor) judgeSettled(v *verdict) {
	now, err := readTree(r.tree)
	if err != nil {
		v.say("%v", err)
		return
	}
	p, known := r.holder(judgeOne(v, now))
	if !known {
		v.say("in the end Entra ID does not accept the client secret in use")
	}
	for _, other := range r.passwords() {
		if other.KeyID != p.KeyID && other.KeyID != otherKey {
			v.say("in the end there is %s (%q), which is not in use", other.KeyID, other.Name)
		}
	}
	if _, there := r.holder(otherSecret); !there {
		v.say("in the end the client secret of another host is gone")
	}
	if !strings.Contains(string(now.content["state/PROD/record.json"]), p.KeyID) {
		v.say("in the end the record does not name the client secret in use")
	}
	r.judgeLeft(v, now)
}

// judgeOne makes sure that all use one client secret, a new one, and returns it.
func judgeOne(v *verdict, now tree) string {
	value := ""
	for _, name := range configured() {
		held := secretsIn(now.content[name])
		if len(held) == 0 {
			v.say("in the end %s holds no client secret", name)
		}
		for _, one := range held {
			if value == "" {
				value = one
			}
			if one != value || one == oldSecret {
				v.say("in the end %s holds another client secret than the rest, or the old one", name)
			}
		}
	}
	return value
}

// judgeLeft makes sure that nothing is left of the runs, above all no secret.
func (r *rotor) judgeLeft(v *verdict, now tree) {
	for _, name := range now.names() {
		_, before := r.old.entries[name]
		if len(secretsIn(now.content[name])) > 0 && !slices.Contains(configured(), name) {
			v.say("in the end %s holds a client secret", name)
		}
		if !before && !comesAndGoes(name) && name != "state/PROD/handed" && name != "state/PROD/record.json" && name != "state/PROD/fingerprint.key" {
			v.say("in the end %s is left", name)
		}
	}
}
