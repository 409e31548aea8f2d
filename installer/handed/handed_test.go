package handed_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const name = "0123abcd-4567ef01"

func TestALinkIsNotedBeforeItIsRead(t *testing.T) {
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	is := func(want handed.State) {
		t.Helper()
		if got, err := box.Look(name); got != want || err != nil {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
	}
	is(handed.None)
	for range 2 { // a run that was cut off begins again
		if err := box.Begin(name); err != nil {
			t.Fatal(err)
		}
		is(handed.Begun)
	}
	if err := box.Abort(name); err != nil {
		t.Fatal(err)
	}
	is(handed.None)
	if err := box.Begin(name); err != nil {
		t.Fatal(err)
	}
	if err := box.Keep(name, secret.New("the value")); err != nil {
		t.Fatal(err)
	}
	is(handed.Kept)
	if got, err := box.Read(name); err != nil || !got.Equal(secret.New("the value")) {
		t.Errorf("got another value, or %v", err)
	}
	entries, err := os.ReadDir(box.Folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want the value's file alone", entries, err)
	}
}

func TestWhatIsKeptIsClosed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has access lists, which package atomicfile tests")
	}
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	if err := box.Begin(name); err != nil {
		t.Fatal(err)
	}
	if err := box.Keep(name, secret.New("the value")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{box.Folder: 0o700, box.Path(name): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestSweepRemovesWhatAKillLeft(t *testing.T) {
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	if err := box.Sweep(); err != nil {
		t.Error(err)
	}
	if err := box.Begin(name); err != nil {
		t.Fatal(err)
	}
	left := func(of string) string { return "." + of + ".ABCDEFGHIJKL.tmp" }
	for _, of := range []string{left(name + ".secret"), left("another.secret"), left("another.begun"), left("another.done"), left("of.others"), "of-others"} {
		if err := os.WriteFile(filepath.Join(box.Folder, of), []byte("the value"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Sweep(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(box.Folder)
	if err != nil || len(entries) != 3 {
		t.Errorf("got %v, %v, want the note and the files of others", entries, err)
	}
}

func TestForgetRemovesTheValueThatIsProven(t *testing.T) {
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	if got, err := box.Forget(secret.New("a"), "mark"); got || err != nil {
		t.Errorf("got %v, %v, want nothing", got, err)
	}
	if err := box.Begin("one"); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"one": "first value\n", "two": "second value"} {
		if err := box.Keep(name, secret.New(value)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := box.Forget(secret.New("first value"), "mark"); !got || err != nil {
		t.Errorf("got %v, %v, want that it is forgotten", got, err)
	}
	for name, want := range map[string]handed.State{"one": handed.Done, "two": handed.Kept} {
		if got, err := box.Look(name); got != want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, want)
		}
	}
}

func TestTheMarkOfAForgottenValueStays(t *testing.T) {
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	if err := errors.Join(box.Begin("one"), box.Keep("one", secret.New("the value"))); err != nil {
		t.Fatal(err)
	}
	if _, err := box.Forget(secret.New("the value"), "mark"); err != nil {
		t.Fatal(err)
	}
	if got, err := box.Mark("one"); got != "mark" || err != nil {
		t.Errorf("got %q, %v, want the mark", got, err)
	}
	if _, err := box.Read("one"); err == nil {
		t.Error("the value is still there")
	}
}

// begin notes links as being read.
func begin(t *testing.T, box handed.Box, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := box.Begin(name); err != nil {
			t.Fatal(err)
		}
	}
}

// keep keeps "value of NAME" for each.
func keep(t *testing.T, box handed.Box, names ...string) {
	t.Helper()
	begin(t, box, names...)
	for _, name := range names {
		if err := box.Keep(name, secret.New("value of "+name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatWaitsIsListedOldestFirst(t *testing.T) {
	box := handed.Box{Folder: filepath.Join(t.TempDir(), "handed")}
	if got, err := box.Waiting(); len(got) > 0 || err != nil {
		t.Errorf("got %v, %v, want none", got, err)
	}
	keep(t, box, "done", "new", "old", "both")
	begin(t, box, "begun", "both") // a kill between value and note leaves both
	if _, err := box.Forget(secret.New("value of done"), "mark"); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	want := []handed.Waiting{
		{Name: "old", State: handed.Kept, Path: box.Path("old"), Since: day},
		{Name: "begun", State: handed.Begun, Path: filepath.Join(box.Folder, "begun.begun"), Since: day.Add(time.Hour)},
		{Name: "both", State: handed.Kept, Path: box.Path("both"), Since: day.Add(2 * time.Hour)},
		{Name: "new", State: handed.Kept, Path: box.Path("new"), Since: day.Add(3 * time.Hour)},
	}
	for _, w := range want {
		if err := os.Chtimes(w.Path, w.Since, w.Since); err != nil {
			t.Fatal(err)
		}
	}
	got, err := box.Waiting()
	for i := range got {
		got[i].Since = got[i].Since.UTC()
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}
