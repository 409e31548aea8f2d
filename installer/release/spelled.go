package release

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

// spell spells what is compared.
func spell(goos string, in *Installation) {
	for i := range in.Files {
		in.Files[i].Path = Spelled(goos, in.Files[i].Path)
	}
	for _, s := range in.Services {
		for i := range s.Reads {
			s.Reads[i] = Spelled(goos, s.Reads[i])
		}
		if s.Command != nil {
			s.Command.PID = Spelled(goos, s.Command.PID)
		}
	}
}
