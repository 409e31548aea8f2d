//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/powercut"
)

// judge recovers from a state as a host does that gets its power again, and tells
// what stands then.
func (o *outage) judge(state powercut.State) (stands string, problems []string) {
	var v verdict
	if err := o.cutOff(state); err != nil {
		return noneWhole, []string{err.Error()}
	}
	records := o.journaled()
	if o.unit {
		o.recoverAtBoot(&v)
	}
	took, said := o.recoverOnce(&v)
	o.count.recovery = max(o.count.recovery, took)
	toOld, toNew := o.compare(&v, o.old), o.compare(&v, o.fresh)
	stands = oldStands
	switch {
	case len(toOld) > 0 && len(toNew) > 0:
		what, least := "old", toOld
		if len(toNew) < len(toOld) {
			what, least = "new", toNew
		}
		v.say("after the recovery neither everything old stands nor everything new; from everything %s differs: %s\nit said:\n%s",
			what, strings.Join(least, "; "), said)
	case len(toOld) > 0:
		stands = newStands
	default:
		o.judgeTimes(&v)
	}
	if len(v.problems) == 0 {
		if _, known := o.seeds[records]; !known {
			o.seeds[records] = seed{state, stands}
		}
		o.judgeNext(&v)
	}
	if len(v.problems) > 0 {
		v.say("the journal had: %s", records)
	}
	return stands, v.problems
}

// cutOff makes the host hold a state. Without the boot unit its services start.
func (o *outage) cutOff(state powercut.State) error {
	if err := state.Write(o.tree); err != nil {
		return err
	}
	if o.unit {
		return nil
	}
	return o.powerUp()
}

// firstRecovery is the first after the power is back.
func (o *outage) firstRecovery() []string {
	if o.unit {
		return append(o.recovery(), "--boot")
	}
	return o.recovery()
}

// recoverAtBoot is what the boot unit does, and the start of the services after
// it. They never start on files of two generations.
func (o *outage) recoverAtBoot(v *verdict) {
	got, err := o.run(o.firstRecovery())
	if err != nil || !slices.Contains(o.recovered(o.scenario), got.Exit) {
		v.say("the recovery at boot: exit status %d, %v\n%s%s", got.Exit, err, got.stdout, got.stderr)
		return
	}
	now, err := readTree(o.tree)
	if err != nil {
		v.say("%v", err)
		return
	}
	if o.known() && !o.oneGeneration(o.read(now)) {
		v.say("the services start on files that are neither all old nor all new: %s", strings.Join(now.differs(o.old, false), "; "))
	}
	if err := o.powerUp(); err != nil {
		v.say("%v", err)
	}
}

// oneGeneration reports whether files are all old, all new, or all what a change
// made of them that will be put back.
func (o *outage) oneGeneration(files map[string]string) bool {
	fresh := o.read(o.fresh)
	sick := maps.Clone(fresh)
	for name, text := range fresh {
		sick[name] = strings.ReplaceAll(text, newSecret, sickSecret)
	}
	same := func(all map[string]string) bool { return maps.Equal(all, files) }
	return slices.ContainsFunc([]map[string]string{o.read(o.old), fresh, sick}, same)
}

// recoverOnce recovers, and returns what was said.
func (o *outage) recoverOnce(v *verdict) (took time.Duration, said string) {
	first, err := o.run(o.recovery())
	if err != nil || !slices.Contains(o.recovered(o.scenario), first.Exit) {
		v.say("the recovery: exit status %d, %v", first.Exit, err)
	}
	return first.Took, first.stdout + first.stderr
}

// judgeTimes makes sure that the backend's files have the times of before.
func (o *outage) judgeTimes(v *verdict) {
	for name, was := range o.before {
		if _, theirs := o.read(o.old)[name]; !theirs {
			continue
		}
		info, err := os.Stat(filepath.Join(o.tree, name))
		if err != nil || !info.ModTime().Equal(was.Meta.Modified) {
			v.say("%s has another time than before: %v", name, err)
		}
	}
}

// judgeNext recovers again, which changes nothing, and makes the change then. It
// follows from what stands, so it is tried once for each such tree.
func (o *outage) judgeNext(v *verdict) {
	before, err := readTree(o.tree)
	if err != nil {
		v.say("%v", err)
		return
	}
	if o.changed[before.fingerprint()] {
		return
	}
	second, err := o.run(o.recovery())
	unchanged := second.Exit == 0 && strings.HasPrefix(second.stdout, "unchanged")
	if err != nil || !unchanged && !slices.Contains(o.exits, second.Exit) {
		v.say("the second recovery: exit status %d, %v\n%s%s", second.Exit, err, second.stdout, second.stderr)
		return
	}
	o.judgeChange(v)
}

// plain is a content without what no recovery depends on: when a record of a
// journal was written, and the checksum that follows from it; and what a lock says,
// as long as it says who holds it, or nobody can tell.
func plain(name string, data []byte) []byte {
	switch {
	case strings.HasSuffix(name, ".journal"):
		return regexp.MustCompile(`(?m)^[0-9a-f]{8} (\{"seq":\d+,)"time":"[^"]*"`).ReplaceAll(data, []byte("$1"))
	case filepath.Base(name) == "lock":
		return strconv.AppendBool(nil, json.Valid(data))
	}
	return data
}

// decided is plain, and of a journal what package run decides from: how many acts
// were begun and done, whether an undo was, whether the change stands, and whether
// there is a tail to be cut off. Recoveries are cut off at so many points that what
// is the same by this is judged once.
func decided(name string, data []byte) []byte {
	if !strings.HasSuffix(name, ".journal") {
		return plain(name, data)
	}
	var past struct {
		begin                    string
		begun, done              int
		undoing, committed, torn bool
	}
	for line := range bytes.Lines(data) {
		var r struct {
			Kind string
			Data struct{ Act int }
		}
		if len(line) < 9 || json.Unmarshal(line[9:], &r) != nil || line[len(line)-1] != '\n' {
			past.torn = true
			break
		}
		switch r.Kind {
		case "begin":
			past.begin = string(plain(name, line))
		case "do":
			past.begun = max(past.begun, r.Data.Act+1)
		case "done":
			past.done = max(past.done, r.Data.Act+1)
		case "committed":
			past.committed = true
		default:
			past.undoing = true
		}
	}
	return fmt.Appendf(nil, "%+v", past)
}

// umask is this process's, which programs that it starts have, too.
func umask(t *testing.T) uint32 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^Umask:\s*(\d+)`).FindSubmatch(text)
	if m == nil {
		t.Fatal("the kernel does not tell the umask")
	}
	mask, err := strconv.ParseUint(string(m[1]), 8, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(mask)
}
