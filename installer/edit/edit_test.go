package edit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/edit"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
)

const fresh = "TST8Q~not-a-real-secret-0000000000000002"

func deps() session.Deps {
	return session.Deps{RunID: "run", Now: time.Now, Random: rand.Reader, Host: host.OS{}}
}

// file is a configuration in a folder of its own.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.json")
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	return path
}

func request(path string) edit.Request {
	value := secret.New(fresh)
	return edit.Request{File: path, At: "/a", Value: &value}
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v, want %q", path, got, err, want)
	}
}

// wantAlone: nothing is left beside the file.
func wantAlone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%v are left beside the file", entries)
	}
}

func TestOneValueChangesAndNothingIsLeft(t *testing.T) {
	path := file(t, `{"a": "x" /* why */, "b": 12345678901234567890}`)
	r, err := edit.Run(t.Context(), deps(), request(path))
	if err != nil || r.Result != report.Changed || !r.Changed || len(r.Files) != 1 || r.Files[0].Way != "rename" {
		t.Errorf("got %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`" /* why */, "b": 12345678901234567890}`)
	wantAlone(t, path)
	if r, err := edit.Run(t.Context(), deps(), request(path)); err != nil || r.Result != report.Unchanged || r.Changed {
		t.Errorf("a second time: %+v, %v", r, err)
	}
}

func TestLookingWritesNothing(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	for want, change := range map[report.Result]func(*edit.Request){
		report.Possible: func(r *edit.Request) { r.Check, r.Value = true, nil },
		report.Planned:  func(r *edit.Request) { r.DryRun = true },
	} {
		req := request(path)
		change(&req)
		r, err := edit.Run(t.Context(), deps(), req)
		if err != nil || r.Result != want || r.Changed || r.Files[0].Line != 1 || r.Files[0].Column != 7 {
			t.Errorf("got %+v, %v, want %s at 1:7", r, err, want)
		}
		if strings.Contains(r.Files[0].Old+r.Files[0].New, "x") {
			t.Errorf("a value shows: %+v", r.Files[0])
		}
	}
	wantText(t, path, `{"a": "x"}`)
	wantAlone(t, path)
}

func TestTwoEditsOfOneFileAreKeptApart(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	lock, err := journal.Acquire(filepath.Join(filepath.Dir(path), ".app.json.edit.lock"), journal.Holder{PID: 1, Run: "other"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := edit.Run(t.Context(), deps(), request(path)); fault.Of(err).Code != fault.Busy {
		t.Errorf("beside another edit: %v", err)
	}
	wantText(t, path, `{"a": "x"}`)
	if err := lock.Remove(); err != nil {
		t.Fatal(err)
	}
	if r, err := edit.Run(t.Context(), deps(), request(path)); err != nil || r.Result != report.Changed {
		t.Errorf("after it: %+v, %v", r, err)
	}
	wantAlone(t, path)
}

func TestACancelledEditChangesNothing(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	if _, err := edit.Run(ctx, deps(), request(path)); fault.Of(err).Code != fault.Cancelled {
		t.Errorf("got %v", err)
	}
	wantText(t, path, `{"a": "x"}`)
	wantAlone(t, path)
}

func TestAFileOfSeveralNamesIsWrittenInPlace(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	other := filepath.Join(t.TempDir(), "other.json")
	if err := os.Link(path, other); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	r, err := edit.Run(t.Context(), deps(), request(path))
	if err != nil || r.Files[0].Way != "in-place" || !strings.Contains(r.Files[0].Why, "2 names") {
		t.Errorf("got %+v, %v", r.Files, err)
	}
	wantText(t, other, `{"a": "`+fresh+`"}`)
	wantAlone(t, path)
}

func TestMistakesAreToldBeforeTheFileIsRead(t *testing.T) {
	for name, change := range map[string]func(*edit.Request){
		"no format":      func(r *edit.Request) { r.File = "nothing" },
		"another format": func(r *edit.Request) { r.Format = "hcl" },
		"no place":       func(r *edit.Request) { r.At = "a" },
		"no file":        func(r *edit.Request) { r.File += ".json" },
		"a place of ini": func(r *edit.Request) { r.Format = document.INI },
	} {
		req := request(file(t, `{"a": "x"}`))
		change(&req)
		_, err := edit.Run(t.Context(), deps(), req)
		if f := fault.Of(err); f.Code != fault.Usage && name != "a place of ini" || f.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
