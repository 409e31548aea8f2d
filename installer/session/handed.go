package session

import (
	"fmt"

	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Forget removes what was kept of a one-time link, or of a secret that was made, and is the secret that the
// configuration holds from now on. What cannot be removed is warned of.
func (s *Session) Forget(value secret.Value) {
	if value.IsZero() {
		return
	}
	forgotten, err := handed.Box{Folder: s.Folder.Handed()}.Forget(value, s.Fingerprint(value))
	if err != nil {
		s.deps.Progress.Say(progress.Warning, fmt.Sprintf("what was kept until it was proven could not be removed: %v", err))
	}
	if forgotten {
		s.deps.Progress.Say(progress.Done, "what was kept until it was proven is removed")
	}
}
