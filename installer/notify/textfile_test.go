package notify_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
)

func TestATextfileKeepsTheContract(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) (notify.Sink, func() []string) {
		t.Helper()
		folder := t.TempDir()
		return notify.Textfile{Folder: folder}, func() []string {
			var all []string
			names, _ := filepath.Glob(filepath.Join(folder, "*")) // the pattern is good
			for _, name := range names {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Error(err)
				}
				all = append(all, string(text))
			}
			return all
		}
	})
}

func TestATextfileIsReplacedAsAWholeAndForEverybody(t *testing.T) {
	folder := t.TempDir()
	m := notifytest.Message()
	for _, value := range []float64{35, 34.5} {
		m.Gauges[0].Value = value
		if err := (notify.Textfile{Folder: folder}).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "empower_backend_PROD.prom")
	got, err := os.ReadFile(path)
	const want = "# HELP empower_client_secret_days_left Days that are left.\n# TYPE empower_client_secret_days_left gauge\n" +
		"empower_client_secret_days_left{environment=\"PROD\"} 34.5\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v and %v in the folder, want one file", entries, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
		t.Errorf("got %v and %v", info, err)
	}
}

func TestAFolderThatIsNotThereIsSaidToBeSo(t *testing.T) {
	if err := (notify.Textfile{Folder: filepath.Join(t.TempDir(), "none")}).Send(t.Context(), notifytest.Message()); err == nil {
		t.Error("no error")
	}
}
