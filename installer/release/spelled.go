package release

import "github.com/empowersuite/backend-installer/installer/winpath"

// spell spells what is compared.
func spell(goos string, in *Installation) {
	for i := range in.Files {
		in.Files[i].Path = winpath.Spelled(goos, in.Files[i].Path)
	}
	for _, s := range in.Services {
		for i := range s.Reads {
			s.Reads[i] = winpath.Spelled(goos, s.Reads[i])
		}
		if s.Command != nil {
			s.Command.PID = winpath.Spelled(goos, s.Command.PID)
		}
	}
}
