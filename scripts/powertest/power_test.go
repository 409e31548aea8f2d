//go:build power && linux

package powertest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What happens to a run.
const (
	spoilNothing   = "nothing"
	spoilInstaller = "kill -9 installer"
	spoilBackend   = "kill -9 backend"
	spoilPower     = "power cut"
)

// moment is when a run is spoilt: after a time, or a while after its journal has
// so many records.
type moment struct {
	records int
	after   time.Duration
}

func (m moment) String() string {
	if m.records == 0 {
		return fmt.Sprintf("%s after the start", m.after)
	}
	return fmt.Sprintf("%s after record %d", m.after, m.records)
}

// trial is one run that is spoilt, and what came of it.
type trial struct {
	number int
	kind   string
	when   moment
	late   bool // the run had ended before it could be spoilt
	at     int  // records in the journal then

	state   string // old or new; "" when broken
	told    string
	failed  int // requests
	took    time.Duration
	trouble []string
}

func (t *trial) broken(format string, args ...any) {
	t.trouble = append(t.trouble, fmt.Sprintf(format, args...))
}

// dice chooses what a run is spoilt by. What it chooses follows from the seed;
// what the machine does at that moment does not.
type dice struct {
	*rand.Rand

	records int           // that an undisturbed run writes
	takes   time.Duration // an undisturbed run
}

func (d *dice) kind() string {
	switch n := d.IntN(10); {
	case n < 1:
		return spoilNothing
	case n < 4:
		return spoilInstaller
	case n < 7:
		return spoilBackend
	}
	return spoilPower
}

// moment is at a record of the journal in three of four cases: the time between
// two of them is short, and what a run waits for is long.
func (d *dice) moment() moment {
	if d.IntN(4) == 0 {
		return moment{after: time.Duration(d.Int64N(int64(d.takes)))}
	}
	return moment{records: 1 + d.IntN(d.records), after: time.Duration(max(0, d.Int64N(int64(6*time.Millisecond))-int64(3*time.Millisecond)))}
}

// await returns at the moment, or when the run is over.
func (m moment) await(s *site, r *running) (late bool) {
	began := time.Now()
	for m.records > 0 && s.journalLines() < m.records {
		if r.over() {
			return true
		}
		<-time.After(100 * time.Microsecond)
		began = time.Now()
	}
	if left := m.after - time.Since(began); left > 0 {
		<-time.After(left)
	}
	return r.over()
}

func setting(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// throw is the dice of a test: seeded, and told.
func throw(t *testing.T) *dice {
	t.Helper()
	seed := setting(t, "POWER_SEED", uint64(time.Now().UnixNano()))
	_, _ = fmt.Fprintf(t.Output(), "POWER_SEED=%d\n", seed)
	return &dice{Rand: rand.New(rand.NewPCG(seed, 4)), records: 1, takes: time.Millisecond}
}

// learn runs undisturbed, to know how many records there are and how long it
// takes.
func (d *dice) learn(t *testing.T, s *site) {
	t.Helper()
	for range 3 {
		fresh := s.addSecret(t)
		began := time.Now()
		r := s.start(t.Context(), t, s.configure()...)
		for !r.over() {
			d.records = max(d.records, s.journalLines())
			<-time.After(time.Millisecond)
		}
		if got := r.ended(); got.exit != 0 {
			t.Fatalf("an undisturbed run: %+v", got)
		}
		d.takes = max(d.takes, time.Since(began))
		s.secret = fresh
	}
	_, _ = fmt.Fprintf(t.Output(), "an undisturbed run writes %d records and takes %s\n", d.records, d.takes)
}

// TestPower spoils two hundred rotations, with the units that recover at boot.
func TestPower(t *testing.T) {
	began := time.Now()
	s := install(t, "power", "--boot-recovery")
	d := throw(t)
	d.learn(t, s)
	var all []trial
	var bare []int
	defer func() { table(t, all, bare, time.Since(began)) }() // also of a test that ends early
	for n := range setting(t, "POWER_RUNS", 200) {
		one := trial{number: int(n), kind: d.kind(), when: d.moment()}
		s.try(t, &one)
		if len(one.trouble) > 0 {
			t.Errorf("run %d, %s, %s:\n  %s", one.number, one.kind, one.when, strings.Join(one.trouble, "\n  "))
			s.mend(t)
		}
		all = append(all, one)
		if one.kind != spoilPower {
			bare = append(bare, s.bareRestart(t))
		}
	}
}

// try spoils one rotation and looks at what came of it.
func (s *site) try(t *testing.T, one *trial) {
	t.Helper()
	before := s.read(t, config)
	fresh := s.addSecret(t)
	var asked *load
	if one.kind != spoilPower {
		asked = s.load(t.Context())
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r := s.start(ctx, t, s.configure()...)
	one.late = one.when.await(s, r)
	if one.kind == spoilPower {
		s.cutPower(t, one, r)
	} else {
		s.kill(t, one, r)
	}
	s.judge(t, one, before, fresh)
	if asked != nil {
		one.failed = asked.end()
	}
}

// kill ends a process, and recovers as the next run would.
func (s *site) kill(t *testing.T, one *trial, r *running) {
	t.Helper()
	switch one.kind {
	case spoilInstaller:
		if pid := childOf(r.cmd.Process.Pid); pid != 0 && !one.late {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended just now
		}
		r.ended()
		one.at = s.journalLines()
	case spoilBackend:
		one.at = s.journalLines()
		for deadline := time.Now().Add(time.Second); ; <-time.After(time.Millisecond) { // it may be between stop and start
			pid := s.mainPID(unit)
			if pid != 0 && syscall.Kill(pid, syscall.SIGKILL) == nil || time.Now().After(deadline) {
				break
			}
		}
	}
	got := r.ended()
	if one.kind != spoilInstaller {
		one.told = got.result().Result
		if got.exit != 0 && got.exit != 20 {
			one.broken("configure ended with status %d:\n%s%s", got.exit, got.stdout, got.stderr)
		}
		return
	}
	s.recover(t, one, r)
}

// recover is what a person does after a run that was killed.
func (s *site) recover(t *testing.T, one *trial, r *running) {
	t.Helper()
	began := time.Now()
	recovered := s.installer(t, 0, "recover", "--environment", environment, "--output", "json")
	one.took = time.Since(began)
	one.told = recovered.result().Result
	if one.told != "unchanged" {
		return
	}
	if first := r.ended(); first.exit == 0 {
		one.told = first.result().Result
	} else if one.at > 0 {
		one.told = "rolled-back" // nothing was begun
	}
}

// cutPower takes the power, boots, and does nothing else.
func (s *site) cutPower(t *testing.T, one *trial, r *running) {
	t.Helper()
	ended := r.over()
	s.cut(t)
	if got := r.ended(); ended && got.exit == 0 {
		one.told = "changed" // that is a promise
	}
	one.at = s.journalLines()
	began := time.Now()
	s.boot(t)
	one.took = time.Since(began)
	said := s.says(t, "journalctl", "--boot", "--output=cat", "--unit="+bootRecovery, "--unit="+bootProof)
	switch {
	case strings.Contains(said, "everything new stands now"):
		one.told = "changed"
	case strings.Contains(said, "everything old stands now"):
		one.told = "rolled-back"
	case one.at > 1:
		one.broken("a journal of %d records was left, and the boot units told of no outcome:\n%s", one.at, said)
	}
	for _, name := range []string{bootRecovery, bootProof} {
		if s.says(t, "systemctl", "is-failed", name) == "failed" {
			one.broken("%s failed:\n%s", name, s.says(t, "systemctl", "status", "--no-pager", name))
		}
	}
}

// judge looks whether the host is in one of two states, and in the one that was
// told.
func (s *site) judge(t *testing.T, one *trial, before, fresh string) {
	t.Helper()
	switch now := s.read(t, config); now {
	case before:
		one.state = "old"
	case strings.ReplaceAll(before, s.secret, fresh):
		one.state, s.secret = "new", fresh
	default:
		one.broken("the file is neither old nor new:\n%s", now)
	}
	if one.told == "changed" && one.state == "old" || one.told == "rolled-back" && one.state == "new" {
		one.broken("told %q, and the file is %s", one.told, one.state)
	}
	s.judgeBackend(t, one)
	if left := s.left(); len(left) > 0 {
		one.broken("left behind: %q", left)
	}
	verified := s.says(t, "/srv/bin/installer", "verify", "--environment", environment)
	if !strings.Contains(verified, "healthy") || strings.Contains(verified, "error:") {
		one.broken("verify:\n%s", verified)
	}
}

// judgeBackend looks whether the backend runs with what the file says; systemd may
// be about to restart it.
func (s *site) judgeBackend(t *testing.T, one *trial) {
	t.Helper()
	want, got := s.fingerprint(s.secret), s.ready()
	for deadline := time.Now().Add(20 * time.Second); got != want && time.Now().Before(deadline); got = s.ready() {
		<-time.After(5 * time.Millisecond)
	}
	if got != want {
		one.broken("the backend runs with %q, and the file says %q:\n%s", got, want, s.says(t, "systemctl", "status", "--no-pager", unit))
	}
}

// mend makes the best of a broken run, so that the next one tells something.
func (s *site) mend(t *testing.T) {
	t.Helper()
	s.says(t, "/srv/bin/installer", "recover", "--environment", environment)
	value := s.addSecret(t)
	s.installer(t, 0, s.configure()...)
	s.secret = value
}

// bareRestart is what the client sees of a restart without a change.
func (s *site) bareRestart(t *testing.T) int {
	t.Helper()
	// Here starts follow each other as they never do by hand, and systemd limits them.
	s.sh(t, "systemctl", "reset-failed", unit)
	asked := s.load(t.Context())
	s.sh(t, "systemctl", "restart", unit)
	await(t, "the backend is ready", patience, func() bool { return s.ready() == s.fingerprint(s.secret) })
	return asked.end()
}
