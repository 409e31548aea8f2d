package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// services are those of the file services where a script has one, else the host's.
func services(ofHost svc.Lister) svc.Lister {
	path := filepath.Join(os.Getenv("WORK"), "services")
	if _, err := os.Stat(path); os.Getenv("WORK") != "" && err == nil {
		return listed(path)
	}
	return ofHost
}

// listed is a file with a service in each line: its name, its manager, the names of
// its variables with commas between them, and its command line, all behind bars.
type listed string

func (l listed) List(context.Context) ([]svc.Listed, error) {
	text, err := os.ReadFile(string(l))
	if err != nil {
		return nil, err
	}
	var all []svc.Listed
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		parts := strings.Split(os.ExpandEnv(line), "|")
		s := svc.Listed{Name: parts[0], Manager: parts[1], Exec: [][]string{parts[3:]}}
		if parts[2] != "" {
			s.Env = strings.Split(parts[2], ",")
		}
		all = append(all, s)
	}
	return all, nil
}
