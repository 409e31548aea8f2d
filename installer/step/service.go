package step

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Guard stands before the first file is switched. Its undo therefore comes when
// all files are back, and brings the services back to them.
type Guard struct {
	Services    []rollout.Found `json:"services"`
	Fingerprint string          `json:"fingerprint,omitempty"` // of the old credential, where services can tell

	Crew    rollout.Crew `json:"-"`
	Restart *Restart     `json:"-"` // whose traces are undone; nil in a recovery, which cannot know whether it began
}

// Do does nothing.
func (*Guard) Do(context.Context) error { return nil }

// Undo restarts what is not as before, and of which nobody can tell.
func (g *Guard) Undo(ctx context.Context) error {
	if g.Restart != nil && !g.Restart.begun {
		return nil
	}
	return g.Crew.Return(ctx, g.Services, g.Fingerprint)
}

// Idle stands for Guard at boot: the services have not started yet, and will on the
// files that are put back.
type Idle struct{}

// Do does nothing.
func (*Idle) Do(context.Context) error { return nil }

// Undo does nothing.
func (*Idle) Undo(context.Context) error { return nil }

// Keep stands behind the last switch. Its undo stops the undoing when the old
// credential has expired: going back to it would leave the backend down for
// certain.
type Keep struct {
	Pending atomicfile.Pending `json:"pending"` // the file with the credential
	Format  document.Format    `json:"format"`
	Slot    document.Slot      `json:"slot"`

	Expired func(ctx context.Context, old secret.Value) bool `json:"-"`
}

// maxBackupBytes bounds what is read of a backup.
const maxBackupBytes = 64 << 20

// Do does nothing.
func (*Keep) Do(context.Context) error { return nil }

// Undo is run.ErrKeep when the old credential is known to have expired.
func (k *Keep) Undo(ctx context.Context) error {
	backup, err := atomicfile.Read(k.Pending.Backup, maxBackupBytes)
	if err != nil {
		return nil //nolint:nilerr // without a backup there is nothing to judge, and the switch's undo tells what is wrong
	}
	match, err := document.Find(backup.Data, k.Format, k.Slot)
	if err != nil || match.Value.IsZero() || !k.Expired(ctx, match.Value) {
		return nil //nolint:nilerr // a file that held no credential is put back like any other
	}
	return run.ErrKeep
}

// Restart restarts services in order. Guard undoes it.
type Restart struct {
	Services []rollout.Found `json:"services"`

	Crew rollout.Crew `json:"-"`

	begun bool
}

// Do restarts.
func (r *Restart) Do(ctx context.Context) error {
	r.begun = true
	return r.Crew.Restart(ctx, r.Services)
}

// Undo does nothing: Guard's comes when the files are back.
func (*Restart) Undo(context.Context) error { return nil }

// Prove waits until the new processes are healthy.
type Prove struct {
	Services    []rollout.Found `json:"services"`
	Fingerprint string          `json:"fingerprint,omitempty"` // of the new credential, where services can tell

	Crew rollout.Crew `json:"-"`
}

// Do proves.
func (p *Prove) Do(ctx context.Context) error { return p.Crew.Prove(ctx, p.Services, p.Fingerprint) }

// Undo does nothing.
func (*Prove) Undo(context.Context) error { return nil }

// Register makes a service known to its manager.
type Register struct {
	Service    rollout.Service `json:"service"`
	Definition svc.Definition  `json:"definition"`

	Crew rollout.Crew `json:"-"`
}

// Do registers.
func (r *Register) Do(ctx context.Context) error {
	m, err := r.Crew.Manager(r.Service)
	if err != nil {
		return err
	}
	return m.Register(ctx, r.Definition)
}

// Undo unregisters: the flow made sure that the service was not known before.
func (r *Register) Undo(ctx context.Context) error {
	m, err := r.Crew.Manager(r.Service)
	if err != nil {
		return err
	}
	return m.Unregister(ctx, r.Service.Name)
}

// Start starts new services in order. Its undo stops them.
type Start struct {
	Services []rollout.Found `json:"services"`

	Crew rollout.Crew `json:"-"`
}

// Do starts; what runs is stopped first, so that it reads its files anew.
func (s *Start) Do(ctx context.Context) error { return s.Crew.Restart(ctx, s.Services) }

// Undo stops.
func (s *Start) Undo(ctx context.Context) error { return s.Crew.Stop(ctx, s.Services) }
