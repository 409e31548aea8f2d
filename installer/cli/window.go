package cli

import (
	"bufio"
	"fmt"
	"path/filepath"
	"time"

	"github.com/empowersuite/backend-installer/installer/term"
)

// windowStays bounds how long a window waits for a person who went away.
const windowStays = 10 * time.Minute

// ownWindow reports whether a double click opened a window for the program, which
// closes with it.
func (a *app) ownWindow() bool {
	return term.OwnWindow(a.world.Processes(), len(a.args), a.interactive())
}

// introduce tells who double-clicked what to do instead, and waits for Enter.
func (a *app) introduce() int {
	write(a.world.IO.Out, fmt.Sprintf(`This is installer %s, which installs and configures a self-hosted empower Backend.
It is a program for the console:

1. In the Start menu find PowerShell, or cmd, and choose "Run as administrator".
2. cd /d "%s"     (PowerShell: cd without /d)
3. .\installer status                     what is installed, and how it does
   .\installer configure                  take a new client secret
   .\installer install --payload FOLDER   install a backend
   .\installer --help                     everything else

Press Enter to close this window.
`, a.world.Deps.Version, filepath.Dir(a.world.Deps.Program)))
	pressed := make(chan struct{})
	go func() {
		defer close(pressed)
		_, _ = bufio.NewReader(a.world.IO.In).ReadString('\n') // a closed window is an answer, too
	}()
	stays := time.NewTimer(windowStays)
	defer stays.Stop()
	select {
	case <-pressed:
	case <-stays.C:
	}
	return 0
}
