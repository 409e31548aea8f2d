package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Orphans lists what was staged for the file that a path leads to and not cleared
// away, in the file's own folder and in others: Clean removes it, or says ErrTorn
// where the file is half written and needs its backup. isTag recognises the tags of
// Plan that are meant. It changes nothing; what belongs to a replacement that is
// under way is listed, too.
func Orphans(path string, others []string, isTag func(string) bool) ([]Pending, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = path, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for what was staged: %w", err)
	}
	file := File{Path: path, Real: target}
	var all []Pending
	for _, folder := range append([]string{filepath.Dir(target)}, others...) {
		found, err := orphansIn(file, folder, isTag)
		if err != nil {
			return all, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func orphansIn(file File, folder string, isTag func(string) bool) ([]Pending, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for what was staged: %w", err)
	}
	var all []Pending
	seen := map[string]bool{}
	for _, e := range entries {
		tag, ok := tagOf(e.Name())
		if !ok || seen[tag] || !isTag(tag) {
			continue
		}
		p := PlanIn(file, nil, tag, folder)
		if !slices.Contains(p.besides(), filepath.Join(folder, e.Name())) {
			continue // of another file
		}
		seen[tag] = true
		if p.OldSHA256, p.NewSHA256, err = stagedHashes(p); err != nil {
			return all, err
		}
		all = append(all, p)
	}
	return all, nil
}

// tagDots is how many dots are in the name behind a file's own: one in the tag of a
// run, and one before the suffix.
const tagDots = 2

// tagOf cuts the tag out of the name of a staged file.
func tagOf(name string) (string, bool) {
	for _, suffix := range []string{".new", ".old", ".was"} {
		whole, ok := strings.CutSuffix(name, suffix)
		parts := strings.Split(whole, ".")
		if ok && len(parts) > tagDots {
			return strings.Join(parts[len(parts)-tagDots:], "."), true
		}
	}
	return "", false
}

// stagedHashes are of what is there, "" of what is not.
func stagedHashes(p Pending) (old, fresh string, err error) {
	for path, sum := range map[string]*string{p.Backup: &old, p.Temp: &fresh} {
		id, err := look(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", "", err
		}
		*sum = id.SHA256
	}
	return old, fresh, nil
}
