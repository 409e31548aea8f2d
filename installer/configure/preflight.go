package configure

import (
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/rollout"
)

// preflight checks the host and tells everything that is wrong at once.
func (c *change) preflight(services []rollout.Found) error {
	findings := preflight.Check(preflight.Input{
		Plan: c.plan, Services: services, FreeBytes: c.deps.Host.FreeBytes,
		Facts: preflight.Facts(c.deps.Host, services), Proxies: preflight.ProxiesOf(c.site.Lookup(c.files, c.wanted)),
	})
	for _, w := range findings.Warnings {
		c.warn(w)
	}
	return findings.Err()
}
