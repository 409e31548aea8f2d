//go:build system && linux

package systemtest_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestSignalsEndARunAtASafePoint(t *testing.T) {
	b := install(t, "ONE")
	b.entra.Propagate(t, time.Minute) // so that there is time to be interrupted in
	for _, signal := range []string{"INT", "TERM", "HUP"} {
		before := snapshot(t, b.config)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		cmd := call{args: b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)))}.command(ctx, t)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(1500 * time.Millisecond)
		quietly("kill", "-"+signal, strconv.Itoa(cmd.Process.Pid))
		_ = cmd.Wait() // its status is looked at
		cancel()
		if got := cmd.ProcessState.ExitCode(); got != 130 {
			t.Errorf("SIG%s: exit status %d, want 130", signal, got)
		}
		if snapshot(t, b.config) != before {
			t.Errorf("SIG%s: the configuration changed", signal)
		}
	}
	kit.WantReady(t, b.listen)
}
