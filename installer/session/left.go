package session

import (
	"errors"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Look tells what earlier runs left and what a recovery would do with it. It takes
// no lock and changes nothing. The error is a *fault.Error.
func Look(deps Deps, folder site.Folder) ([]run.Left, error) {
	s := Session{Site: site.Site{Folder: folder}, deps: deps}
	left, err := s.Engine().Look()
	if err != nil {
		return left, explain.Recovery(err)
	}
	return left, nil
}

// Unfinished says what has to be known of runs that have not ended, to one that
// takes no lock; "" where all have.
func Unfinished(deps Deps, folder site.Folder) string {
	paths, err := journal.List(folder.Journals())
	if err != nil || len(paths) == 0 {
		return ""
	}
	var busy *journal.BusyError
	if errors.As(journal.Held(folder.Lock()), &busy) {
		return "a run is under way, and what is told here may be of before or after it: the environment is " + busy.Error()
	}
	left, err := Look(deps, folder)
	if err == nil && len(left) == 1 && left[0].Way == run.Wait {
		return explain.Left(left[0])
	}
	return "a run was cut off and is not finished; the next run that changes something puts it right first, and so does installer recover"
}
