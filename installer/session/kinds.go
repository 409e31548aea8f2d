package session

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

// The kinds of act. Those on services begin with "service-", which package
// explain relies on.
const (
	KindClose   = "file-close"
	KindStage   = "file-stage"
	KindSwitch  = "file-switch"
	KindKeep    = "file-keep"
	KindSave    = "state-save"
	KindGuard   = "service-guard"
	KindRestart = "service-restart"
	KindProve   = "service-prove"

	KindUser     = "make-user"
	KindFolder   = "make-folder"
	KindPayload  = "make-payload"
	KindLink     = "make-link"
	KindFile     = "make-file"
	KindUnits    = "units"
	KindRegister = "service-register"
	KindStart    = "service-start"
)

func (s *Session) kinds() run.Kinds {
	kinds := run.Kinds{
		KindClose:   func() run.Step { return &step.Close{Host: s.deps.Host} },
		KindStage:   func() run.Step { return &step.Stage{} },
		KindSwitch:  func() run.Step { return &step.Switch{} },
		KindKeep:    func() run.Step { return &step.Keep{Expired: s.Expired} },
		KindSave:    func() run.Step { return &step.Save{} },
		KindGuard:   func() run.Step { return &step.Guard{Crew: s.deps.Crew} },
		KindRestart: func() run.Step { return &step.Restart{Crew: s.deps.Crew} },
		KindProve:   func() run.Step { return &step.Prove{Crew: s.deps.Crew} },

		KindUser:     func() run.Step { return &step.MakeUser{Host: s.deps.Host} },
		KindFolder:   func() run.Step { return &step.MakeFolder{Host: s.deps.Host} },
		KindPayload:  func() run.Step { return &step.Payload{} },
		KindLink:     func() run.Step { return &step.Link{} },
		KindFile:     func() run.Step { return &step.WriteFile{Host: s.deps.Host} },
		KindUnits:    func() run.Step { return &step.Schedule{Crew: s.deps.Crew} },
		KindRegister: func() run.Step { return &step.Register{Crew: s.deps.Crew} },
		KindStart:    func() run.Step { return &step.Start{Crew: s.deps.Crew} },
	}
	if s.boot {
		kinds[KindGuard] = func() run.Step { return &step.Idle{} }
	}
	return kinds
}

// Expired asks Entra ID once whether a secret has expired. No answer is no.
func (s *Session) Expired(ctx context.Context, old secret.Value) bool {
	current := s.Site
	if current.Installation.Environment == "" { // during a recovery
		opened, err := s.Folder.Open(settings.Known)
		if err != nil {
			return false
		}
		current = opened
	}
	if current.Record.Credential.ExpiredBy(s.deps.Now()) {
		return true
	}
	files, err := current.ReadFiles()
	if err != nil {
		return false
	}
	question, err := site.Ask(current.Lookup(files, nil), s.deps.Version)
	if err != nil {
		return false
	}
	var failure *entra.Error
	return errors.As(s.deps.AskOnce(ctx, question, old), &failure) && failure.Class == entra.SecretExpired
}
