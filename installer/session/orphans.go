package session

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/site"
)

// RunIDLayout is the form of a run's ID: its time, in UTC.
const RunIDLayout = "20060102T150405.000Z"

func isRunID(tag string) bool {
	_, err := time.Parse(RunIDLayout, tag)
	return err == nil
}

// orphans lists what runs staged beside the files of an installation and no journal
// knows of: a journal was moved away, or a power cut took its end.
func orphans(here site.Site) ([]atomicfile.Pending, error) {
	if paths, err := journal.List(here.Folder.Journals()); err != nil || len(paths) > 0 {
		return nil, err // what is staged belongs to them
	}
	var all []atomicfile.Pending
	for _, f := range here.Installation.Files {
		found, err := atomicfile.Orphans(f.Path, []string{here.Folder.Path}, isRunID)
		if err != nil {
			return all, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Orphans names the files that runs left beside those of an installation. They hold
// secrets; the next run that changes something removes them.
func Orphans(here site.Site) []string {
	found, err := orphans(here)
	if err != nil {
		return nil // a folder that this account may not list
	}
	var names []string
	for _, p := range found {
		for _, path := range []string{p.Backup, p.Temp} {
			if _, err := os.Lstat(path); err == nil {
				names = append(names, path)
			}
		}
	}
	return names
}

// sweep removes orphans, under the lock.
func (s *Session) sweep() {
	found, err := orphans(s.Site)
	for _, p := range found {
		if cleanErr := p.Clean(); cleanErr != nil {
			err = errors.Join(err, cleanErr)
			continue
		}
		s.deps.Progress.Say(progress.Warning, "removed what an earlier run had left beside "+p.Path)
	}
	for _, path := range []string{s.Folder.Record(), s.Folder.Installation(), s.Folder.Key(), s.Folder.Ledger()} {
		err = errors.Join(err, atomicfile.Sweep(path))
	}
	err = errors.Join(err, handed.Box{Folder: s.Folder.Handed()}.Sweep())
	if err != nil {
		s.deps.Progress.Say(progress.Warning, fmt.Sprintf("what an earlier run left could not be removed: %v", err))
	}
}
