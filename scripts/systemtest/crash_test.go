//go:build system && linux

package systemtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// TestAKilledRunIsPutRightByTheNextOne kills configure at moments spread over
// its whole run, close to each other while it works and far apart while it
// waits. The next run must leave everything new and running.
func TestAKilledRunIsPutRightByTheNextOne(t *testing.T) {
	b := install(t, "ONE")
	for _, after := range []int{5, 15, 30, 45, 60, 75, 90, 110, 130, 160, 200, 300, 600, 1200, 2000} {
		t.Run(fmt.Sprintf("after %d ms", after), func(t *testing.T) {
			fresh := kit.SecretFile(t, b.entra.AddSecret(t))
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(after)*time.Millisecond)
			defer cancel()
			cmd := call{args: b.configure("--client-secret-file", fresh)}.command(ctx, t)
			_ = cmd.Run() // killed
			o := installer(t, 0, b.configure("--client-secret-file", fresh, "--output", "json")...)
			t.Logf("then: %s", kit.Between(o.Stdout, `"result": `, ","))
			kit.WantReady(t, b.listen)
			installer(t, 0, "verify")
			wantNothingBeside(t, b.config)
		})
	}
}
