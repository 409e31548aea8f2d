package cli

import (
	"io/fs"
	"time"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/term"
)

// World is everything outside the program.
type World struct {
	IO          term.IO
	Getenv      func(name string) string
	Processes   func() int    // how many there are on the console, this one among them; 0 where that is not known
	StdinWithin time.Duration // how long a secret on stdin is waited for
	Asker       func(dumb, color bool) prompt.Asker
	Browse      signin.Opener                      // opens a page for the person
	Keystore    keystore.Store                     // of the account
	Machine     func(folder string) keystore.Store // of the host
	Events      eventlog.Log
	Release     fs.FS // the release that the binary carries
	Deps        session.Deps
}
