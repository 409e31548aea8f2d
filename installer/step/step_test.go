package step_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/step"
)

const marked = "TST8Q~not-a-real-secret-0000000000000001"

// tree lists what is below a folder, with modes and contents.
func tree(t *testing.T, root string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		line := strings.TrimPrefix(path, root) + " " + info.Mode().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += " " + string(text)
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made are the steps that make something, each with a way to look for it.
func made(t *testing.T, root string) map[string]run.Step {
	t.Helper()
	payload := filepath.Join(t.TempDir(), "payload")
	must(t, os.MkdirAll(filepath.Join(payload, "lib"), 0o700))
	write(t, filepath.Join(payload, "lib", "x"), "x")
	folder := filepath.Join(root, "a", "b")
	return map[string]run.Step{
		"folder":  &step.MakeFolder{Path: folder, Mode: 0o750, Missing: step.MissingFolders(folder), Host: host.OS{}},
		"file":    &step.WriteFile{Path: filepath.Join(root, "file"), Mode: 0o640, Content: []byte("content"), Host: host.OS{}},
		"payload": &step.Payload{From: payload, To: filepath.Join(root, "release")},
		"link":    &step.Link{Path: filepath.Join(root, "current"), Target: filepath.Join(root, "release")},
		"save":    &step.Save{Path: filepath.Join(root, "record.json"), Mode: 0o600, New: []byte("{}")},
	}
}

// Doing twice is doing once, undoing twice leaves nothing, and undoing what was
// never begun is harmless: that is what a recovery relies on.
func TestWhatIsMadeCanBeMadeTwiceAndUnmadeTwice(t *testing.T) {
	for _, name := range []string{"folder", "file", "link", "save", "payload"} {
		t.Run(name, func(t *testing.T) {
			if name == "link" && runtime.GOOS == "windows" {
				t.Skip("an installation on Windows has no links")
			}
			root := t.TempDir()
			s := made(t, root)[name]
			before := tree(t, root)
			must(t, s.Undo(t.Context()))
			must(t, s.Do(t.Context()))
			once := tree(t, root)
			if once == before {
				t.Fatal("nothing was made")
			}
			if name != "payload" { // its flow never does it twice: a recovery only undoes it
				must(t, s.Do(t.Context()))
				if twice := tree(t, root); twice != once {
					t.Errorf("made twice:\n%s\nonce:\n%s", twice, once)
				}
			}
			for range 2 {
				must(t, s.Undo(t.Context()))
				if after := tree(t, root); after != before {
					t.Errorf("unmade:\n%s\nbefore:\n%s", after, before)
				}
			}
		})
	}
}

func TestWhatWasThereBeforeStays(t *testing.T) {
	root := t.TempDir()
	release := filepath.Join(root, "release")
	must(t, os.Mkdir(release, 0o755))
	write(t, filepath.Join(release, "theirs"), "x")
	before := tree(t, root)
	p := &step.Payload{From: root, To: release, WasThere: true}
	must(t, p.Do(t.Context()))
	must(t, p.Undo(t.Context()))
	f := &step.MakeFolder{Path: release, Mode: 0o700, Missing: step.MissingFolders(release), Host: host.OS{}}
	must(t, f.Do(t.Context()))
	must(t, f.Undo(t.Context()))
	if after := tree(t, root); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
	made := &step.MakeFolder{Path: filepath.Join(root, "new"), Mode: 0o700, Missing: []string{filepath.Join(root, "new")}, Host: host.OS{}}
	must(t, made.Do(t.Context()))
	write(t, filepath.Join(root, "new", "log"), "somebody else's")
	must(t, made.Undo(t.Context()))
	if _, err := os.Stat(filepath.Join(root, "new", "log")); err != nil {
		t.Errorf("a folder with somebody else's file was removed: %v", err)
	}
}

func TestProgramFilesAreOpenedToTheService(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are of Unix")
	}
	root := t.TempDir()
	s := made(t, root)["payload"]
	must(t, s.Do(t.Context()))
	for path, want := range map[string]fs.FileMode{"release": 0o755, "release/lib": 0o755, "release/lib/x": 0o644} {
		info, err := os.Stat(filepath.Join(root, path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

// onWindows is a host whose accounts have SIDs.
type onWindows struct {
	host.OS

	folder *host.Folder
}

func (onWindows) Lookup(_ context.Context, name string) (host.User, error) {
	return host.User{Name: name, UID: -1, GID: -1, SID: access.ServiceSID(name)}, nil
}

func (h onWindows) MakeFolder(f host.Folder) ([]string, error) {
	*h.folder = f
	return nil, nil
}

func TestOnWindowsWhatIsMadeIsForTheAccountsOfTheServices(t *testing.T) {
	a, b := access.ServiceSID("a"), access.ServiceSID("b")
	grants := func(rights access.Rights) string {
		return access.List(true, access.Grant{SID: a, Rights: rights}, access.Grant{SID: b, Rights: rights})
	}
	for _, c := range []struct {
		owner step.Owner
		mode  fs.FileMode
		want  string
	}{
		{step.Owner{User: "a", Also: []string{"b"}, Root: true}, 0o750, grants(access.Read)},
		{step.Owner{User: "a", Also: []string{"b"}}, 0o750, grants(access.Change)},
		{step.Owner{User: "a"}, 0o755, ""}, // open to others: as the mode says
		{step.Owner{}, 0o750, ""},
	} {
		var made host.Folder
		s := &step.MakeFolder{Path: t.TempDir(), Mode: c.mode, Owner: c.owner, Host: onWindows{folder: &made}}
		must(t, s.Do(t.Context()))
		if made.Access != c.want || made.UID != -1 {
			t.Errorf("%+v: got %+v, want %q", c.owner, made, c.want)
		}
	}
}

// accounts is a host with accounts in memory.
type accounts struct {
	host.OS

	names []string
}

func (a *accounts) AddUser(_ context.Context, name string) (host.User, bool, error) {
	if !slices.Contains(a.names, name) {
		a.names = append(a.names, name)
		return host.User{Name: name}, true, nil
	}
	return host.User{Name: name}, false, nil
}

func (a *accounts) RemoveUser(_ context.Context, name string) error {
	a.names = slices.DeleteFunc(a.names, func(n string) bool { return n == name })
	return nil
}

func TestAnAccountThatWasThereStays(t *testing.T) {
	for _, wasThere := range []bool{true, false} {
		a := &accounts{}
		if wasThere {
			a.names = []string{"empower"}
		}
		s := &step.MakeUser{Name: "empower", WasThere: wasThere, Host: a}
		must(t, s.Do(t.Context()))
		must(t, s.Do(t.Context()))
		if len(a.names) != 1 {
			t.Errorf("accounts: %q", a.names)
		}
		must(t, s.Undo(t.Context()))
		if got := len(a.names) == 1; got != wasThere {
			t.Errorf("was there %v, is there %v", wasThere, got)
		}
	}
}

// pending plans to replace a secret in a file.
func pending(t *testing.T) (atomicfile.Pending, []byte, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "appsettings.json")
	write(t, path, `{"Secret": "`+marked+`"}`)
	f, err := atomicfile.Read(path, 1<<20)
	must(t, err)
	fresh := []byte(`{"Secret": "TST8Q~another-not-a-real-secret"}`)
	return atomicfile.Plan(f, fresh, "run"), f.Data, fresh
}

func TestAFileIsStagedSwitchedAndPutBackInAnotherProcess(t *testing.T) {
	p, old, fresh := pending(t)
	folder := filepath.Dir(p.Path)
	before := tree(t, folder)
	stage := &step.Stage{Pending: p, Old: old, New: fresh}
	change := &step.Switch{Pending: p}
	must(t, stage.Do(t.Context()))
	must(t, change.Do(t.Context()))
	if change.Result().Way != atomicfile.Rename {
		t.Errorf("got %+v", change.Result())
	}
	var laterStage step.Stage
	var laterSwitch step.Switch
	revive(t, stage, &laterStage)
	revive(t, change, &laterSwitch)
	for range 2 {
		must(t, laterSwitch.Undo(t.Context()))
		must(t, laterStage.Undo(t.Context()))
	}
	if after := tree(t, folder); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
}

func TestABackupIsKeptWhileItsFileIsNotBack(t *testing.T) {
	p, old, fresh := pending(t)
	stage, change := &step.Stage{Pending: p, Old: old, New: fresh}, &step.Switch{Pending: p}
	must(t, stage.Do(t.Context()))
	must(t, change.Do(t.Context()))
	if err := stage.Undo(t.Context()); err == nil || !strings.Contains(err.Error(), p.Backup) {
		t.Errorf("got %v, want the backup named", err)
	}
	must(t, change.Undo(t.Context()))
	must(t, stage.Undo(t.Context()))
	if text, err := os.ReadFile(p.Path); err != nil || string(text) != string(old) {
		t.Errorf("got %q, %v", text, err)
	}
}

// A file that somebody removed or saved meanwhile is not this program's to put back.
func TestASwitchThatTouchedNothingPutsNothingBack(t *testing.T) {
	for _, saved := range []string{"", "by hand"} {
		p, old, fresh := pending(t)
		must(t, (&step.Stage{Pending: p, Old: old, New: fresh}).Do(t.Context()))
		must(t, os.Remove(p.Real))
		if saved != "" {
			write(t, p.Real, saved)
		}
		before := tree(t, filepath.Dir(p.Real))
		change := &step.Switch{Pending: p}
		if err := change.Do(t.Context()); err == nil {
			t.Error("it was switched")
		}
		must(t, change.Undo(t.Context()))
		if after := tree(t, filepath.Dir(p.Real)); after != before {
			t.Errorf("got\n%s\nwant\n%s", after, before)
		}
	}
}

// revive reads a step as a journal keeps it, which never holds a content.
func revive(t *testing.T, from run.Step, into any) {
	t.Helper()
	text, err := json.Marshal(from)
	must(t, err)
	if strings.Contains(string(text), "TST8Q") {
		t.Errorf("the journal would hold a secret: %s", text)
	}
	must(t, json.Unmarshal(text, into))
}

func TestNoStepIsJournaledWithItsContent(t *testing.T) {
	p, old, fresh := pending(t)
	for _, s := range []run.Step{
		&step.Stage{Pending: p, Old: old, New: fresh}, &step.Switch{Pending: p},
		&step.WriteFile{Path: "/x", Content: fresh},
		&step.Keep{Pending: p, Format: document.JSONC, Slot: document.Slot{At: "/Secret"}},
	} {
		revive(t, s, new(any))
	}
}

func TestASecretThatHasExpiredIsNotPutBack(t *testing.T) {
	p, old, fresh := pending(t)
	must(t, (&step.Stage{Pending: p, Old: old, New: fresh}).Do(t.Context()))
	for _, expired := range []bool{true, false} {
		asked := ""
		keep := &step.Keep{
			Pending: p, Format: document.JSONC, Slot: document.Slot{At: "/Secret"},
			Expired: func(_ context.Context, v secret.Value) bool { asked = v.Reveal(); return expired },
		}
		must(t, keep.Do(t.Context()))
		if err := keep.Undo(t.Context()); errors.Is(err, run.ErrKeep) != expired || asked != marked {
			t.Errorf("expired %v: got %v", expired, err)
		}
	}
	without := &step.Keep{Pending: atomicfile.Pending{Backup: p.Backup + ".none"}, Format: document.JSONC}
	if err := without.Undo(t.Context()); err != nil {
		t.Errorf("without a backup: %v", err)
	}
}

func TestAStateFileGetsItsOldContentBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.json")
	write(t, path, "old")
	s := &step.Save{Path: path, Mode: 0o600, Old: []byte("old"), New: []byte("new")}
	must(t, s.Do(t.Context()))
	for range 2 {
		must(t, s.Undo(t.Context()))
		if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
			t.Errorf("got %q, %v", text, err)
		}
	}
}
