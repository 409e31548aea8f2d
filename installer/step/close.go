package step

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/host"
)

// Close changes who may read a file. It is done after Guard and undone before it, so
// that a service that cannot read the file any more is brought back when it can.
type Close struct {
	Path string       `json:"path"`
	From access.Guard `json:"from"`
	To   access.Guard `json:"to"`

	Host host.Guards `json:"-"`
}

// Do closes.
func (c *Close) Do(context.Context) error { return c.Host.SetGuard(c.Path, c.To) }

// Undo opens again.
func (c *Close) Undo(context.Context) error { return c.Host.SetGuard(c.Path, c.From) }
