//go:build system && linux

package systemtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestAKilledRunIsPutRightByTheNextOne kills configure at moments spread over
// its whole run. The next run must leave either everything old or everything
// new, and running.
func TestAKilledRunIsPutRightByTheNextOne(t *testing.T) {
	b := install(t, "ONE")
	fresh := secretFile(t, b.entra.addSecret(t))
	began := time.Now()
	installer(t, 0, b.configure("--client-secret-file", fresh)...)
	whole := time.Since(began)
	const moments = 12
	for i := range moments {
		t.Run(fmt.Sprintf("at %d of %d", i+1, moments), func(t *testing.T) {
			secret := b.entra.addSecret(t)
			fresh := secretFile(t, secret)
			ctx, cancel := context.WithTimeout(t.Context(), whole*time.Duration(i+1)/(moments+1))
			defer cancel()
			cmd := call{args: b.configure("--client-secret-file", fresh)}.command(ctx, t)
			_ = cmd.Run() // killed
			o := installer(t, 0, b.configure("--client-secret-file", fresh, "--output", "json")...)
			t.Logf("killed after %s; then: %.40q", whole*time.Duration(i+1)/(moments+1), o.stdout)
			wantReady(t, b.listen)
			installer(t, 0, "verify")
			wantNothingBeside(t, b.config)
		})
	}
}
