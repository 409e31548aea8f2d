package configure

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// concerns lists the settings that Entra ID's verdict depends on.
func concerns() []string {
	return []string{
		settings.ClientSecret, settings.TenantID, settings.ClientID,
		settings.EntraCloud, settings.EntraAuthority,
	}
}

// prove asks Entra ID when the change touches what it decides on.
func (c *change) prove(ctx context.Context) error {
	touched := false
	for _, key := range concerns() {
		touched = touched || c.plan.Touches(key)
	}
	if !touched {
		return nil
	}
	value, ok := c.wanted[settings.ClientSecret]
	if !ok {
		value, _ = c.site.Value(c.files, settings.ClientSecret)
	}
	if c.req.SkipValidation {
		c.unproven = true
		c.warn("VALIDATION SKIPPED: the secret was not proven at Entra ID, and the record says so")
		return nil
	}
	accepted, err := c.ask(ctx, c.site.Lookup(c.files, c.wanted), value)
	if err != nil {
		return err
	}
	if c.plan.Touches(settings.ClientSecret) && !c.req.DryRun {
		c.inquire(ctx, accepted)
	}
	return nil
}

// ask puts the question to Entra ID and takes the verdict down.
func (c *change) ask(ctx context.Context, get site.Lookup, value secret.Value) (session.Acceptance, error) {
	accepted, err := c.deps.Accepted(ctx, get, value, c.req.Window)
	for _, w := range accepted.Warnings {
		c.warn(w)
	}
	c.proven = err == nil
	return accepted, err
}

// inquire adds to the request what Microsoft Graph tells of the new secret, where it
// tells it.
func (c *change) inquire(ctx context.Context, accepted session.Acceptance) {
	known, warnings := c.deps.Learn(ctx, accepted, c.req.Known)
	for _, w := range warnings {
		c.warn(w)
	}
	c.req.Known = known
}
