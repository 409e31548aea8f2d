//go:build unix && !linux

package atomicfile

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func changeTime(*syscall.Stat_t) time.Time { return time.Time{} }

func setTime(file *os.File, at time.Time) error {
	stamp := unix.NsecToTimeval(at.UnixNano())
	return unix.Futimes(int(file.Fd()), []unix.Timeval{stamp, stamp})
}

func attributesOf(*os.File) (map[string]string, error) { return nil, nil }

func setAttributes(*os.File, map[string]string) error { return nil }

func setAttribute(*os.File, string, string) error { return nil }

func flagsOf(*os.File) string { return "" }

func setFlags(*os.File, string) error { return nil }

func unwritable(string) error { return nil }
