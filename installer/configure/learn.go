package configure

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

// learning is the plan of learn.
const learning = "record what was told of the client secret that is in place"

// knows reports whether the request tells of the client secret.
func (c *change) knows() bool { return c.req.Known.Expires != "" || c.req.Known.ID != "" }

// learn records what is told of the secret that is in place, and changes nothing
// else.
func (c *change) learn(ctx context.Context) error {
	c.report.Result = report.Unchanged
	record, changes := c.learnt()
	if !changes {
		return nil
	}
	text, err := record.Encode()
	if err != nil {
		return err
	}
	save := &step.Save{Path: c.site.Folder.Record(), Mode: stateMode, New: text}
	if old, err := atomicfile.Read(save.Path, site.MaxFileBytes); err == nil {
		save.Old = old.Data
	}
	c.deps.Progress.Say(progress.Change, learning)
	if err := save.Do(ctx); err != nil {
		return explain.Write(err, "what was told of the client secret was not recorded")
	}
	known := record.Credential
	c.report.Result, c.report.Changed = report.Changed, true
	c.report.Credential = &report.Credential{
		ID: known.ID, Expires: known.Expires, Fingerprint: known.Fingerprint, Validation: known.Validation,
	}
	return nil
}

// learnt is the record with what the request tells of the secret in place, and
// whether that is new.
func (c *change) learnt() (site.Record, bool) {
	record := c.site.Record
	present, held := c.site.Value(c.files, settings.ClientSecret)
	if !c.knows() || !held || present.IsZero() {
		return record, false
	}
	fingerprint := c.site.Fingerprint(present)
	known := site.Credential{Fingerprint: fingerprint, Validation: site.Skipped}
	if before := record.Credential; before != nil && before.Fingerprint == fingerprint {
		known = *before
	}
	before := known
	if c.req.Known.Expires != "" {
		known.Expires = c.req.Known.Expires
	}
	if c.req.Known.ID != "" {
		known.ID = c.req.Known.ID
	}
	known.KnownFrom = c.req.Known.By()
	record.Credential = &known
	return record, known != before
}
