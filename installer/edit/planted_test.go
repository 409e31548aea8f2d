package edit_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/edit"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
)

// beside is a name that an edit uses beside a file.
func beside(path, suffix string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".edit."+suffix)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func symlink(t *testing.T, target, link string) {
	t.Helper()
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if _, err := os.Lstat(link); err != nil {
		t.Skipf("symbolic links are made here without effect, as Wine does: %v", err)
	}
}

// Who may write the folder must not lead an edit of root to another file.
func TestALinkUnderANameOfAnEditIsNotFollowed(t *testing.T) {
	for _, suffix := range []string{"lock", "old", "new"} {
		t.Run(suffix, func(t *testing.T) {
			path := file(t, `{"a": "x"}`)
			victim := filepath.Join(t.TempDir(), "victim")
			write(t, victim, "precious")
			symlink(t, victim, beside(path, suffix))
			if suffix == "new" { // alone it is not looked for, and replaced
				write(t, beside(path, "old"), `{"a": "x"}`)
			}
			_, err := edit.Run(t.Context(), deps(), request(path))
			if f := fault.Of(err); f.Code != fault.WriteFailed || f.Remedy == "" {
				t.Errorf("got %v", err)
			}
			wantText(t, victim, "precious")
			wantText(t, path, `{"a": "x"}`)
		})
	}
}

func TestALinkToNothingMakesNoFile(t *testing.T) {
	path := file(t, `{"a": "x"}`)
	nothing := filepath.Join(t.TempDir(), "nothing")
	symlink(t, nothing, beside(path, "lock"))
	if _, err := edit.Run(t.Context(), deps(), request(path)); fault.Of(err).Code != fault.WriteFailed {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(nothing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the link was followed: %v", err)
	}
}

func TestABackupOfTwoNamesIsNotPutBack(t *testing.T) {
	path := file(t, `{"a": "x`)
	write(t, beside(path, "new"), `{"a": "xy"}`)
	other := filepath.Join(filepath.Dir(path), "other")
	write(t, other, `{"a": "planted"}`)
	if err := os.Link(other, beside(path, "old")); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	if _, err := edit.Run(t.Context(), deps(), request(path)); fault.Of(err).Code != fault.WriteFailed {
		t.Errorf("got %v", err)
	}
	wantText(t, path, `{"a": "x`)
}

func TestABackupOfAnotherAccountIsNotPutBack(t *testing.T) {
	path := file(t, `{"a": "x`)
	write(t, beside(path, "new"), `{"a": "xy"}`)
	write(t, beside(path, "old"), `{"a": "planted"}`)
	if os.Geteuid() != 0 || os.Chown(beside(path, "old"), 65534, 65534) != nil {
		t.Skip("only root makes files of others")
	}
	if _, err := edit.Run(t.Context(), deps(), request(path)); fault.Of(err).Code != fault.WriteFailed {
		t.Errorf("got %v", err)
	}
	wantText(t, path, `{"a": "x`)
}

func TestAFileThatWasLeftHalfWrittenIsPutBackAndToldOf(t *testing.T) {
	path := file(t, `{"a": "xyz "b": 1}`)
	write(t, beside(path, "old"), `{"a": "x", "b": 1}`)
	write(t, beside(path, "new"), `{"a": "xyz", "b": 1}`)
	r, err := edit.Run(t.Context(), deps(), request(path))
	if err != nil || r.Result != report.Changed || len(r.Warnings) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	wantText(t, path, `{"a": "`+fresh+`", "b": 1}`)
	wantAlone(t, path)
}
