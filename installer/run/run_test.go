package run_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/run"
)

// world is a host with named switches, which outlives a killed run.
type world struct {
	on      map[string]bool
	log     []string
	trouble map[string]error  // by "do x", "undo x"
	kill    map[string]string // by "do x": "before" or "after" the effect
}

func newWorld() *world {
	return &world{on: map[string]bool{}, trouble: map[string]error{}, kill: map[string]string{}}
}

type killed struct{}

// turn is a step that turns a switch on.
type turn struct {
	Name string `json:"name"`

	world *world
}

func (s *turn) Do(ctx context.Context) error   { return s.act(ctx, "do", true) }
func (s *turn) Undo(ctx context.Context) error { return s.act(ctx, "undo", false) }

func (s *turn) Finish(context.Context) error {
	s.world.log = append(s.world.log, "finish "+s.Name)
	return s.world.trouble["finish "+s.Name]
}

func (s *turn) act(ctx context.Context, verb string, on bool) error {
	what := verb + " " + s.Name
	s.world.log = append(s.world.log, what)
	if s.world.kill[what] == "before" {
		panic(killed{})
	}
	if err := errors.Join(ctx.Err(), s.world.trouble[what]); err != nil {
		return err
	}
	s.world.on[s.Name] = on
	if s.world.kill[what] == "after" {
		panic(killed{})
	}
	return nil
}

func engine(t *testing.T, folder string, w *world) run.Engine {
	t.Helper()
	return run.Engine{
		Folder: folder, UndoBudget: time.Minute, Now: time.Now,
		Kinds: run.Kinds{"turn": func() run.Step { return &turn{world: w} }},
	}
}

func names() []string { return []string{"a", "b", "c"} }

// change turns a, b and c on; from b on a recovery goes forward.
func change(w *world) run.Change {
	c := run.Change{Run: "r1", Command: "test", Pivot: 2}
	for _, name := range names() {
		c.Acts = append(c.Acts, run.Act{Kind: "turn", Step: &turn{Name: name, world: w}})
	}
	return c
}

// unjournaled is a step that takes the journals away.
type unjournaled struct {
	turn

	folder string
}

func (s *unjournaled) Do(ctx context.Context) error {
	return errors.Join(os.RemoveAll(s.folder), s.turn.Do(ctx))
}

func TestAJournalThatCannotBeRemovedChangesNoOutcome(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not remove a journal that is open")
	}
	for _, trouble := range []error{nil, errors.New("no")} {
		w, folder := newWorld(), filepath.Join(t.TempDir(), "journal")
		w.trouble["do b"] = trouble
		c := change(w)
		c.Acts[0].Step = &unjournaled{turn{Name: "a", world: w}, folder}
		err := engine(t, folder, w).Execute(t.Context(), c)
		var failed *run.FailedError
		switch {
		case trouble == nil && (err != nil || w.state() != "abc"):
			t.Errorf("got %v, and %q is on", err, w.state())
		case trouble != nil && (!errors.As(err, &failed) || failed.Undo != nil || w.state() != ""):
			t.Errorf("got %v, and %q is on", err, w.state())
		}
	}
}

func (w *world) state() string {
	var on []string
	for _, name := range names() {
		if w.on[name] {
			on = append(on, name)
		}
	}
	return strings.Join(on, "")
}

func left(t *testing.T, folder string) int {
	t.Helper()
	paths, err := journal.List(folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(paths)
}

func TestEveryActIsDoneInOrderAndTheJournalIsGone(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	if err := engine(t, folder, w).Execute(t.Context(), change(w)); err != nil {
		t.Fatal(err)
	}
	want := "do a,do b,do c,finish a,finish b,finish c"
	if got := strings.Join(w.log, ","); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := left(t, folder); n != 0 {
		t.Errorf("%d journals are left", n)
	}
}

func TestAFailureUndoesInReverseAndNamesTheAct(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	cause := errors.New("disk on fire")
	w.trouble["do c"] = cause
	err := engine(t, folder, w).Execute(t.Context(), change(w))
	var failed *run.FailedError
	if !errors.As(err, &failed) || !errors.Is(err, cause) || failed.Undo != nil || failed.Kind != "turn" {
		t.Fatalf("got %+v", err)
	}
	want := "do a,do b,do c,undo c,undo b,undo a"
	if got := strings.Join(w.log, ","); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if w.state() != "" || left(t, folder) != 0 {
		t.Errorf("on: %q, journals: %d", w.state(), left(t, folder))
	}
}

func TestAnUndoThatFailsDoesNotStopTheOthersAndIsTriedAgain(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	w.trouble["do c"], w.trouble["undo b"] = errors.New("no"), errors.New("stuck")
	err := engine(t, folder, w).Execute(t.Context(), change(w))
	var failed *run.FailedError
	if !errors.As(err, &failed) || failed.Undo == nil {
		t.Fatalf("got %v, want a failed undo", err)
	}
	if w.state() != "b" || left(t, folder) != 1 {
		t.Fatalf("on: %q, journals: %d", w.state(), left(t, folder))
	}
	delete(w.trouble, "undo b")
	if _, err := engine(t, folder, w).Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.state() != "" || left(t, folder) != 0 {
		t.Errorf("after the recovery on: %q, journals: %d", w.state(), left(t, folder))
	}
}

func TestACancelledRunUndoesWithAContextOfItsOwn(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	c := change(w)
	c.Acts[1].Step = &canceller{turn{Name: "b", world: w}, cancel}
	err := engine(t, folder, w).Execute(ctx, c)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	if w.state() != "" || left(t, folder) != 0 {
		t.Errorf("on: %q, journals: %d", w.state(), left(t, folder))
	}
}

type canceller struct {
	turn
	cancel func()
}

func (c *canceller) Do(ctx context.Context) error {
	err := c.turn.Do(ctx)
	c.cancel()
	return err
}

func TestACancelledContextBeginsNothing(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := engine(t, folder, w).Execute(ctx, change(w)); err == nil {
		t.Fatal("no error")
	}
	if len(w.log) != 0 || left(t, folder) != 0 {
		t.Errorf("log %q, journals: %d", w.log, left(t, folder))
	}
}

func TestKeepStopsTheUndoAndClearsAway(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	w.trouble["do c"], w.trouble["undo b"] = errors.New("no"), run.ErrKeep
	err := engine(t, folder, w).Execute(t.Context(), change(w))
	if !errors.Is(err, run.ErrKeep) {
		t.Fatalf("got %v, want ErrKeep", err)
	}
	if w.state() != "ab" || left(t, folder) != 0 {
		t.Errorf("on: %q, journals: %d", w.state(), left(t, folder))
	}
	if !slices.Contains(w.log, "finish a") {
		t.Errorf("nothing was cleared away: %q", w.log)
	}
}

// TestAKilledRunIsFinishedOrReverted kills a run before and after each act's
// effect, and once more at each point of the recovery itself.
func TestAKilledRunIsFinishedOrReverted(t *testing.T) {
	for i, name := range names() {
		for _, when := range []string{"before", "after"} {
			for _, again := range append([]string{""}, recoveryPoints()...) {
				t.Run(fmt.Sprintf("%s %s, then %s", when, name, again), func(t *testing.T) {
					w, folder := newWorld(), t.TempDir()
					w.kill["do "+name] = when
					die(t, func() { _ = engine(t, folder, w).Execute(t.Context(), change(w)) })
					w.kill = map[string]string{again: "after"}
					perhapsDie(func() { _, _ = engine(t, folder, w).Recover(t.Context()) })
					w.kill = nil
					if _, err := engine(t, folder, w).Recover(t.Context()); err != nil {
						t.Fatal(err)
					}
					want := ""
					if i >= 2 {
						want = "abc"
					}
					if got := w.state(); got != want {
						t.Errorf("on: %q, want %q; %q", got, want, w.log)
					}
					if n := left(t, folder); n != 0 {
						t.Errorf("%d journals are left", n)
					}
				})
			}
		}
	}
}

func recoveryPoints() []string {
	return []string{"undo a", "undo b", "undo c", "do c"}
}

func die(t *testing.T, f func()) {
	t.Helper()
	if !perhapsDie(f) {
		t.Fatal("the run was not killed")
	}
}

func perhapsDie(f func()) (dead bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killed:
			dead = true
		default:
			panic(r)
		}
	}()
	f()
	return false
}

func TestAForwardRecoveryThatFailsPutsEverythingBack(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	w.kill["do c"] = "before"
	die(t, func() { _ = engine(t, folder, w).Execute(t.Context(), change(w)) })
	w.kill = nil
	w.trouble["do c"] = errors.New("still broken")
	recovered, err := engine(t, folder, w).Recover(t.Context())
	if err != nil || len(recovered) != 1 || recovered[0].Stands || recovered[0].Way != run.Forward {
		t.Fatalf("got %+v, %v", recovered, err)
	}
	if w.state() != "" || left(t, folder) != 0 {
		t.Errorf("on: %q, journals: %d", w.state(), left(t, folder))
	}
}

func TestAJournalOfAnotherVersionIsLeftAlone(t *testing.T) {
	w, folder := newWorld(), t.TempDir()
	w.kill["do b"] = "after"
	die(t, func() { _ = engine(t, folder, w).Execute(t.Context(), change(w)) })
	e := engine(t, folder, w)
	e.Kinds = run.Kinds{}
	if _, err := e.Recover(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if left(t, folder) != 1 || w.state() != "ab" {
		t.Errorf("on: %q, journals: %d", w.state(), left(t, folder))
	}
}
