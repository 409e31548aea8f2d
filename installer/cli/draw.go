package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/progress"
)

// draw tells an event to people, on stderr.
func (a *app) draw(e progress.Event) {
	e.Text = a.hide(e.Text)
	a.log.event(e)
	a.observe(e)
	switch e.Kind {
	case progress.Step:
		a.step.Store(&e.Text)
		write(a.world.IO.Err, "  .. "+e.Text+"\n")
	case progress.Done:
		write(a.world.IO.Err, a.paint(green, "  ok ")+e.Text+"\n")
	case progress.Waiting:
		a.step.Store(&e.Text)
		write(a.world.IO.Err, "  .. "+e.Text+within(e)+"\n")
	case progress.Warning, progress.Recovered:
		write(a.world.IO.Err, a.paint(yellow, "installer: warning: ")+e.Text+"\n")
	case progress.Detail, progress.Change:
	}
}

// doing is what is under way, as the end of a sentence.
func (a *app) doing() string {
	step := a.step.Load()
	if step == nil {
		return ""
	}
	return " (" + *step + ")"
}

func within(e progress.Event) string {
	if e.Budget == 0 || strings.Contains(e.Text, " of ") {
		return ""
	}
	return fmt.Sprintf(" (%s of %s)", e.Elapsed.Round(time.Second), e.Budget)
}

// Colours are SGR sequences, ECMA-48 8.3.117.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

func (a *app) paint(colour, text string) string {
	if !a.color() {
		return text
	}
	return colour + text + plain
}
