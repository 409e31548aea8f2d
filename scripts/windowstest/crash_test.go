//go:build wine && linux

package windowstest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// maxRecords is more than the journal of a configure of one file and one service has.
const maxRecords = 60

// TestAKilledRunIsPutRightByRecover ends configure as TerminateProcess does, once
// after each record of its journal: between any two steps, and within each. recover
// must leave everything old or everything new, and the backend running on it.
func TestAKilledRunIsPutRightByRecover(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	b.times("20s", "100ms")
	ended := map[bool]int{}
	for records := 1; records <= maxRecords; records++ {
		before := kit.Read(t, b.config)
		fresh := b.entra.AddSecret(t)
		if !b.killAfter(records, seen(kit.SecretFile(t, fresh))) {
			if ended[false] < 3 || ended[true] < 3 {
				t.Errorf("%d runs went back and %d forward: the journal was not seen in time", ended[false], ended[true])
			}
			t.Logf("killed after each of %d records", records-1)
			return
		}
		got := b.installer(0, "recover", "--environment", "ONE", "--output", "json")
		text := kit.Read(t, b.config)
		isNew := strings.Contains(text, fresh)
		ended[isNew]++
		if !isNew && text != before {
			t.Errorf("after %d records: the configuration is neither old nor new:\n%s", records, text)
		}
		now := kit.WantReady(t, b.listen)
		t.Logf("after %2d records: %s, new %v, process %d", records, kit.Between(got.Stdout, `"result": `, ","), isNew, now.PID)
		b.wantNothingBeside()
		b.installer(0, "verify")
	}
	t.Errorf("the journal has more than %d records", maxRecords)
}

// killAfter starts configure and kills it when its journal has so many records; false
// when it ended before.
func (b *installed) killAfter(records int, secret string) bool {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	cmd := call{args: b.configure("--client-secret-file", secret)}.command(ctx, b.machine)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed, or looked at below
		close(ended)
	}()
	for {
		select {
		case <-ended:
			if code := cmd.ProcessState.ExitCode(); code != 0 {
				b.t.Fatalf("exit status %d\n%s", code, out.String())
			}
			return false
		case <-time.After(200 * time.Microsecond):
		}
		if b.records() >= records {
			_ = cmd.Process.Kill() // it may just have ended
			<-ended
			return cmd.ProcessState.ExitCode() != 0
		}
	}
}

// records are those of the journal that is open.
func (b *installed) records() int {
	open, err := filepath.Glob(b.at(fmt.Sprintf(`%s\%s\journal`, stateRoot, b.env)) + "/*")
	if err != nil || len(open) == 0 {
		return 0
	}
	text, err := os.ReadFile(open[0])
	if err != nil {
		return 0 // closed meanwhile
	}
	return bytes.Count(text, []byte("\n"))
}
