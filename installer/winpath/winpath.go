// Package winpath is what paths and arguments are on Windows, worked out on every
// system.
//
// # Sources
//
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file (2024-08) for
// separators and the prefixes \\?\ and \\.\;
// https://learn.microsoft.com/dotnet/standard/io/file-path-formats (2024-11) for UNC
// paths behind them.
package winpath

import (
	"path"
	"strings"
)

// Spelled is a path as the system itself spells it, so that two paths of
// descriptions, and those that drivers return, can be compared. Windows takes
// slashes and backslashes; behind a drive or a server's name each is a backslash
// there, and behind a drive "." and ".." are worked out. Elsewhere a path stays as
// it is: ".." behind a link goes where the link leads.
func Spelled(goos, p string) string {
	if goos != "windows" {
		return p
	}
	slashed := strings.ReplaceAll(p, `\`, "/")
	volume, rest, ok := strings.Cut(slashed, ":/")
	switch {
	case ok && len(volume) == 1:
		return volume + ":" + strings.ReplaceAll(path.Clean("/"+rest), "/", `\`)
	case strings.HasPrefix(slashed, "//"):
		return strings.ReplaceAll(slashed, "/", `\`)
	}
	return p
}

// OnShare reports whether a path on Windows names a server's share (UNC), where a
// lock, a flush and an access control list are what the server makes of them, and
// which is not there while a service starts. A drive letter can stand for one, too,
// but only within the session that connected it.
func OnShare(goos, p string) bool {
	if goos != "windows" {
		return false
	}
	slashed := strings.ToUpper(strings.ReplaceAll(p, `\`, "/"))
	if device, ok := strings.CutPrefix(slashed, "//?/"); ok {
		return strings.HasPrefix(device, "UNC/")
	}
	if device, ok := strings.CutPrefix(slashed, "//./"); ok {
		return strings.HasPrefix(device, "UNC/")
	}
	return strings.HasPrefix(slashed, "//")
}
