package edit_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/edit"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
)

// meanwhile is what others do between the first look at a file and the lock, which
// asks for the time.
func meanwhile(act func()) session.Deps {
	d := deps()
	d.Now = func() time.Time {
		act()
		return time.Now()
	}
	return d
}

func TestAnEditThatIsKilledBeforeAnothersLockIsPutBackByThatOne(t *testing.T) {
	path := file(t, `{"a": "x", "b": 1}`)
	r, err := edit.Run(t.Context(), meanwhile(func() {
		write(t, beside(path, "old"), `{"a": "x", "b": 1}`)
		write(t, beside(path, "new"), `{"a": "xyz", "b": 1}`)
		write(t, path, `{"a": "xyz "b": 1}`)
	}), request(path))
	if err != nil || r.Result != report.Changed || len(r.Warnings) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`", "b": 1}`)
	wantAlone(t, path)
}

func TestAnEditAfterAnotherBeginsWithWhatThatOneLeft(t *testing.T) {
	path := file(t, `{"a": "x", "b": "y"}`)
	r, err := edit.Run(t.Context(), meanwhile(func() { write(t, path, `{"a": "x", "b": "by another"}`) }), request(path))
	if err != nil || r.Result != report.Changed {
		t.Errorf("got %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`", "b": "by another"}`)

	path = file(t, `{"a": "x"}`)
	r, err = edit.Run(t.Context(), meanwhile(func() { write(t, path, `{"a": "`+fresh+`"}`) }), request(path))
	if err != nil || r.Result != report.Unchanged || r.Changed {
		t.Errorf("the same edit: got %+v, %v", r, err)
	}
	wantAlone(t, path)
}

func TestAPathThatLeadsElsewhereMeanwhileIsRefused(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	other := file(t, `{"a": "x"}`)
	link := filepath.Join(t.TempDir(), "link.json")
	symlink(t, path, link)
	_, err := edit.Run(t.Context(), meanwhile(func() {
		if err := errors.Join(os.Remove(link), os.Symlink(other, link)); err != nil {
			t.Error(err)
		}
	}), request(link))
	if f := fault.Of(err); f.Code != fault.WriteFailed || !errors.Is(err, atomicfile.ErrChanged) {
		t.Errorf("got %v", err)
	}
	wantText(t, path, `{"a": "x"}`)
	wantText(t, other, `{"a": "x"}`)
	wantAlone(t, path)
}

// staged is an edit that goes on with its replacement.
func staged(t *testing.T, path string) atomicfile.Pending {
	t.Helper()
	f, err := atomicfile.Read(path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(`{"a": "xyz"}`)
	p := atomicfile.Plan(f, data, "edit")
	if err := p.Stage(f.Data, data); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatIsSavedWhileAnEditRunsStays(t *testing.T) {
	for name, saved := range map[string]string{
		"another content":              `{"a": "by hand"}`,
		"what a killed edit may leave": `{"a": "xyz`,
		"nothing":                      "",
	} {
		path := file(t, `{"a": "x"}`)
		p := staged(t, path)
		write(t, path, saved)
		err := edit.Commit(deps(), p)
		f := fault.Of(err)
		if f.Code != fault.WriteFailed || strings.Contains(f.Error(), "left as it is") || !strings.Contains(f.Remedy, "who else writes the file") {
			t.Errorf("%s: got %v, %q", name, err, f.Remedy)
		}
		wantText(t, path, saved)
		wantAlone(t, path)
	}
}

func TestAFileThatIsRemovedWhileAnEditRunsStaysAway(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	p := staged(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	err := edit.Commit(deps(), p)
	f := fault.Of(err)
	if f.Code != fault.WriteFailed || !strings.Contains(f.Error(), "is not there") || !strings.Contains(f.Remedy, "who removed") {
		t.Errorf("got %v, %q", err, f.Remedy)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 0 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestABackupStaysWhereAFileWasChangedWhileItWasWritten(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	p := staged(t, path)
	write(t, path, `{"a": "xyz" by hand`)
	err := edit.TakeBack(deps(), p, atomicfile.InPlace, errors.New("reason"))
	if f := fault.Of(err); f.Code != fault.RollbackFailed || !strings.Contains(f.Remedy, "compare") || !strings.Contains(f.Remedy, p.Backup) {
		t.Errorf("got %v, %q", err, f.Remedy)
	}
	wantText(t, p.Backup, `{"a": "x"}`)
	wantText(t, path, `{"a": "xyz" by hand`)

	path = file(t, `{"a": "x"}`)
	p = staged(t, path)
	write(t, path, `{"a": "xyz"}`)
	err = edit.TakeBack(deps(), p, atomicfile.Rename, atomicfile.ErrNotKept)
	if f := fault.Of(err); f.Code != fault.WriteFailed || !strings.Contains(f.Error(), "left as it is") || !strings.Contains(f.Remedy, "changes what is written") {
		t.Errorf("put back: got %v, %q", err, f.Remedy)
	}
	wantText(t, path, `{"a": "x"}`)
	wantAlone(t, path)
}

// The old file is under the staged name for a moment.
func TestAnEditThatWasKilledAfterItReplacedTheFileIsCleared(t *testing.T) {
	path := file(t, `{"a": "xyz", "b": 1}`)
	write(t, beside(path, "old"), `{"a": "x", "b": 1}`)
	write(t, beside(path, "new"), `{"a": "x", "b": 1}`)
	if r, err := edit.Run(t.Context(), deps(), request(path)); err != nil || r.Result != report.Changed || len(r.Warnings) != 0 {
		t.Errorf("got %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`", "b": 1}`)
	wantAlone(t, path)
}

func TestALongNameIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 245)+".json")
	write(t, path, `{"a": "x"}`)
	if r, err := edit.Run(t.Context(), deps(), request(path)); err != nil || r.Result != report.Changed {
		t.Errorf("got %+v, %v", r, err)
	}
	wantAlone(t, path)
}

func TestALockTellsTheHost(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	d := deps()
	lock, err := journal.Acquire(beside(path, "lock"), journal.Holder{PID: 7, Host: "elsewhere", Boot: "another", Run: "other"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = edit.Run(t.Context(), d, request(path))
	if fault.Of(err).Code != fault.Busy || !strings.Contains(err.Error(), "elsewhere") {
		t.Errorf("got %v", err)
	}
	if err := lock.Remove(); err != nil {
		t.Fatal(err)
	}
	left := `{"pid": 7, "host": "elsewhere", "boot": "another", "run": "other"}`
	write(t, beside(path, "lock"), left)
	_, err = edit.Run(t.Context(), d, request(path))
	if f := fault.Of(err); f.Code != fault.Busy || !strings.Contains(f.Remedy, "where no edit runs on elsewhere") {
		t.Errorf("left by another host: %v, %q", err, f.Remedy)
	}
}

func TestABackupOfAnotherAccountIsToBeCompared(t *testing.T) {
	path := file(t, `{"a": "x`)
	write(t, beside(path, "old"), `{"a": "x"}`)
	if os.Geteuid() != 0 || os.Chown(beside(path, "old"), 65534, 65534) != nil {
		t.Skip("only root makes files of others")
	}
	_, err := edit.Run(t.Context(), deps(), request(path))
	if f := fault.Of(err); !strings.Contains(f.Remedy, "the only whole copy: compare it") {
		t.Errorf("got %v, %q", err, f.Remedy)
	}
}

func TestAFolderThatTakesNoFilesLeavesThePrivateOne(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	private := filepath.Join(t.TempDir(), "state", "edit")
	req := request(path)
	req.Private = private
	if r, err := edit.Run(t.Context(), deps(), req); err != nil || r.Files[0].Way != "rename" {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := os.Stat(private); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was made without need: %v", err)
	}
	f, err := atomicfile.Read(path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	p := atomicfile.PlanIn(f, nil, "edit", private)
	if err := os.MkdirAll(private, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, p.Backup, `{"a": "x", "b": 1}`)
	write(t, p.Temp, `{"a": "xyz", "b": 1}`)
	write(t, path, `{"a": "xyz "b": 1}`)
	if r, err := edit.Run(t.Context(), deps(), req); err != nil || len(r.Warnings) != 1 {
		t.Errorf("a killed edit there: %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`", "b": 1}`)
	wantAlone(t, path)
	if entries, err := os.ReadDir(private); err != nil || len(entries) != 0 {
		t.Errorf("left %v, %v", entries, err)
	}
}

// TestEditsInAnotherProcess is the other process of the test below.
func TestEditsInAnotherProcess(t *testing.T) {
	path := os.Getenv("TEST_EDIT_FILE")
	if path == "" {
		t.Skip("runs only as another test's child")
	}
	value := secret.New("done")
	req := edit.Request{File: path, At: os.Getenv("TEST_EDIT_AT"), Value: &value}
	for {
		_, err := edit.Run(t.Context(), deps(), req)
		if err != nil && fault.Of(err).Code == fault.Busy {
			continue // it says so, and changed nothing
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}

func TestEditsOfSeveralProcessesAtOnceAllStand(t *testing.T) {
	const processes = 6
	for _, links := range []int{1, 2} {
		var old, want []string
		for i := range processes {
			old, want = append(old, fmt.Sprintf("%q: \"x\"", fmt.Sprint(i))), append(want, fmt.Sprintf("%q: \"done\"", fmt.Sprint(i)))
		}
		path := file(t, "{"+strings.Join(old, ", ")+"}")
		if links == 2 {
			if err := os.Link(path, filepath.Join(t.TempDir(), "other")); err != nil {
				t.Skipf("no hard links here: %v", err)
			}
		}
		var children []*exec.Cmd
		said := make([]bytes.Buffer, processes)
		for i := range processes {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEditsInAnotherProcess$")
			child.Env = append(os.Environ(), "TEST_EDIT_FILE="+path, fmt.Sprintf("TEST_EDIT_AT=/%d", i))
			child.Stdout, child.Stderr = &said[i], &said[i]
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			children = append(children, child)
		}
		for i, child := range children {
			if err := child.Wait(); err != nil {
				t.Errorf("%v: %s", err, said[i].String())
			}
		}
		wantText(t, path, "{"+strings.Join(want, ", ")+"}")
		wantAlone(t, path)
	}
}
