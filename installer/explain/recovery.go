package explain

import (
	"errors"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/run"
)

// Left says what became of a change that a run left; "" where there is nothing to
// tell.
func Left(l run.Left) string {
	if l.Run == "" {
		return ""
	}
	was := cutOff(l)
	switch l.Way {
	case run.Wait:
		return was
	case run.Later:
		return was + ": its files are whole, and the rest is done once the services have started"
	case run.Revert:
		if l.Stands {
			return was + ": the new secret stands, since the old one has expired"
		}
	case run.Discard, run.Forward, run.Finish, run.Hands:
	}
	if l.Stands {
		return was + ": everything new stands now"
	}
	return was + ": everything old stands now"
}

// Outlook says what a recovery would do, a line each.
func Outlook(l run.Left) []string {
	if l.Run == "" {
		return []string{"a run was cut off before it began anything: nothing but its journal is removed"}
	}
	does := map[run.Way]string{
		run.Discard: "it had begun nothing, and its journal is removed",
		run.Revert:  "everything is put back",
		run.Forward: "all its files are new, and it is finished, or put back where the services do not come up",
		run.Finish:  "everything new stands, and what it staged is removed",
		run.Wait:    "nothing is done before then",
		run.Later:   "the rest needs the services",
		run.Hands:   "somebody else wrote a file: nothing is touched",
	}
	lines := []string{cutOff(l) + ": " + does[l.Way]}
	for _, f := range l.Files {
		lines = append(lines, fmt.Sprintf("  %s %s", f.Path, f.State.Says()))
	}
	return lines
}

// Settled says what came of a change that waited for its confirmation.
func Settled(l run.Left) string {
	what := fmt.Sprintf("the %s of run %s", l.Command, l.Run)
	if l.Stands {
		return what + " stands for good"
	}
	return what + " was put back"
}

// Recovery explains why what an earlier run left could not be put right.
func Recovery(err error) error {
	remedy := "mend what is named, then run the same command again"
	if errors.Is(err, journal.ErrDamaged) || errors.Is(err, atomicfile.ErrChanged) {
		remedy = "look at the configuration and the services by hand; remove what the run left beside the configuration (.NAME.RUN.old and .new, which hold secrets), " +
			"move the journal away, and run the same command again"
	}
	return fault.Wrap(fault.RollbackFailed, err, "what an earlier run left could not be put right", remedy)
}

func cutOff(l run.Left) string {
	which := fmt.Sprintf("the %s of run %s", l.Command, l.Run)
	switch {
	case l.Way == run.Wait:
		return which + " is put back at " + At(l.Until) + " unless it is confirmed"
	case l.Unconfirmed:
		return which + " was not confirmed"
	}
	return which + " was cut off"
}

// At is a moment for people: to the second, in the time zone of the host.
func At(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 MST") }

// Waiting explains why no change can begin: another waits for its confirmation.
func Waiting(l run.Left, confirm string) error {
	return fault.New(fault.Busy, "an earlier change has to be confirmed or put back first: "+cutOff(l),
		confirm+" keeps it, "+confirm+" --undo puts it back")
}
