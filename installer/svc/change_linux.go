package svc

import (
	"os"
	"syscall"
	"time"
)

// latestChange is when one of these files changed last, its name or owner
// included: the change time, which nobody can set. A file that cannot be looked
// at changed now.
func latestChange(paths []string) time.Time {
	var latest time.Time
	for _, path := range paths {
		changed := time.Now()
		if info, err := os.Stat(path); err == nil {
			if stat, ok := info.Sys().(*syscall.Stat_t); ok {
				changed = time.Unix(stat.Ctim.Unix())
			}
		}
		if changed.After(latest) {
			latest = changed
		}
	}
	return latest
}
