package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/journal"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// written is a journal of n records, closed.
func written(t *testing.T, n int) string {
	t.Helper()
	j, err := journal.Create(filepath.Join(t.TempDir(), "journal"), "run", noon)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := j.Append("do", map[string]int{"act": i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return j.Path()
}

func TestRecordsAreReadInTheOrderTheyWereAppended(t *testing.T) {
	records, err := journal.Read(written(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 3 {
		t.Fatalf("got %d records, want 3", len(records))
	}
	for i, r := range records {
		if r.Seq != i+1 || r.Kind != "do" || !r.Time.Equal(noon()) || string(r.Data) != fmt.Sprintf(`{"act":%d}`, i) {
			t.Errorf("record %d: got %+v", i+1, r)
		}
	}
}

// A power cut leaves any beginning of the last record.
func TestATornTailIsIgnoredAndCutOffAtEveryByte(t *testing.T) {
	whole, err := os.ReadFile(written(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	two := strings.LastIndex(strings.TrimSuffix(string(whole), "\n"), "\n") + 1
	for end := two; end < len(whole); end++ {
		path := filepath.Join(t.TempDir(), "run.journal")
		if err := os.WriteFile(path, whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		j, records, err := journal.Resume(path, noon)
		if err != nil {
			t.Fatalf("cut at %d: %v", end, err)
		}
		if len(records) != 2 {
			t.Fatalf("cut at %d: got %d records, want 2", end, len(records))
		}
		if err := errors.Join(j.Append("undo", nil), j.Close()); err != nil {
			t.Fatal(err)
		}
		records, err = journal.Read(path)
		if err != nil || len(records) != 3 || records[2].Kind != "undo" || records[2].Seq != 3 {
			t.Fatalf("cut at %d, then appended: got %+v, %v", end, records, err)
		}
	}
}

func TestAChangedByteInTheMiddleIsDamage(t *testing.T) {
	path := written(t, 3)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 8, 20, 60} {
		changed := append([]byte(nil), text...)
		changed[at] ^= 0x01
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Read(path); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("byte %d changed: got %v, want ErrDamaged", at, err)
		}
	}
}

func TestARecordOutOfSequenceIsDamage(t *testing.T) {
	path := written(t, 3)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	if err := os.WriteFile(path, []byte(lines[0]+lines[2]+lines[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Read(path); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

func TestListNamesTheOldestRunFirst(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	if paths, err := journal.List(folder); err != nil || paths != nil {
		t.Fatalf("no folder: got %v, %v", paths, err)
	}
	for _, run := range []string{"20261124", "20261123"} {
		j, err := journal.Create(folder, run, noon)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close() //nolint:errcheck // a test's file
	}
	paths, err := journal.List(folder)
	if err != nil || len(paths) != 2 || filepath.Base(paths[0]) != "20261123.journal" {
		t.Errorf("got %v, %v", paths, err)
	}
	if _, err := journal.Create(folder, "20261123", noon); err == nil {
		t.Error("a second journal of the same run was made")
	}
}

func TestRemoveLeavesNoJournal(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	j, err := journal.Create(folder, "run", noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Remove(); err != nil {
		t.Fatal(err)
	}
	if paths, err := journal.List(folder); err != nil || len(paths) != 0 {
		t.Errorf("got %v, %v", paths, err)
	}
}
