package configure

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// HandedOver reports whether the vendor runs the backend, by the values that are given
// or the installation that stands: then there is nothing on this host to change.
func HandedOver(d Deps, environment string, values map[string]string) bool {
	if text, given := values[settings.Hosting]; given {
		return text == settings.EmpowerCloud
	}
	opened, err := d.Store.Folder(environment).Open(settings.Known)
	return err == nil && opened.Installation.Settings[settings.Hosting] == settings.EmpowerCloud
}

// handOver proves the secret and explains how it gets to the vendor.
func (c *change) handOver(ctx context.Context) (report.Report, error) {
	get := c.site.Lookup(nil, c.wanted)
	if opened, err := c.deps.Store.Folder(c.req.Environment).Open(settings.Known); err == nil {
		c.site = opened
		files, _ := opened.ReadFiles() // what they do not tell, the answers may
		get = opened.Lookup(files, c.wanted)
	}
	value := c.wanted[settings.ClientSecret]
	if value.IsZero() {
		return c.report, fault.New(fault.Usage, settings.ClientSecret+" is missing: it is what is handed over",
			"give the client secret; installer configure --help lists the ways")
	}
	if c.req.SkipValidation {
		c.warn("VALIDATION SKIPPED: the secret was not proven at Entra ID")
	} else {
		accepted, err := c.ask(ctx, get, value)
		if err != nil {
			return c.report, err
		}
		c.inquire(ctx, accepted)
	}
	c.report.Result = report.Unchanged
	c.report.Credential = handedCredential(c.req, c.proven, c.site.Fingerprint(value))
	c.next("the vendor runs this backend: nothing on this host was changed")
	done, err := c.handOverNow(ctx)
	if err != nil {
		c.report.Result = report.Failed
		return c.report, err
	}
	if done {
		return c.report, nil
	}
	c.next(c.deps.Hint("handoff create --server URL", c.req.Environment) +
		" proves it, puts it behind a one-time link at your organisation's own server (SnapPass, Onetime Secret) and gives the text for the ticket")
	c.next("send that to support by the ticket you have; never the value itself by mail or chat")
	c.next("keep the old secret in the portal until support confirms that the new one is in use")
	return c.report, nil
}

// handOverNow hands the secret over where somebody can be asked for that.
func (c *change) handOverNow(ctx context.Context) (done bool, err error) {
	if c.req.HandOver == nil || !c.proven || c.req.DryRun {
		return false, nil
	}
	return c.req.HandOver(ctx, c.req.Known)
}

func handedCredential(req Request, proven bool, fingerprint string) *report.Credential {
	c := &report.Credential{ID: req.Known.ID, Expires: req.Known.Expires, Fingerprint: fingerprint, Validation: "skipped"}
	if proven {
		c.Validation = "proven"
	}
	return c
}
