package svc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// OfHost lists the services of this host's service control manager.
func OfHost() Lister { return hostServices{} }

// hostServices asks the service control manager, with no more rights than any
// account has.
type hostServices struct{}

// List tells the services of Windows, but for drivers.
func (hostServices) List(ctx context.Context) ([]Listed, error) {
	names, err := serviceNames()
	if err != nil {
		return nil, fmt.Errorf("list the services: %w", scmTranslate(err, nil))
	}
	var all []Listed
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("list the services: %w", err)
		}
		config, err := windowsSCM{}.Config(name)
		switch err = scmTranslate(err, nil); {
		case errors.Is(err, ErrPermission), errors.Is(err, ErrNotFound):
			continue // not for this account, or removed meanwhile
		case err != nil:
			return nil, fmt.Errorf("list the services: %q: %w", name, err)
		}
		s := Listed{Name: name, Manager: ManagerSCM, After: config.services()}
		if argv := splitCommandLine(expand(config.CommandLine, os.Getenv), isFile); len(argv) > 0 {
			s.Exec = [][]string{argv}
		}
		own, _ := ownVariables(name) // where this account may not look there is nothing to tell
		s.Env = variableNames(own)
		all = append(all, s)
	}
	return all, nil
}

func serviceNames() (names []string, err error) {
	err = withManager(windows.SC_MANAGER_CONNECT|windows.SC_MANAGER_ENUMERATE_SERVICE, func(manager windows.Handle) error {
		var count uint32
		buffer, err := grow("EnumServicesStatusEx", windows.ERROR_MORE_DATA, func(buffer []byte, needed *uint32) error {
			return windows.EnumServicesStatusEx(manager, windows.SC_ENUM_PROCESS_INFO, windows.SERVICE_WIN32, windows.SERVICE_STATE_ALL,
				&buffer[0], uint32(len(buffer)), needed, &count, nil, nil) //nolint:gosec // a length of at most 1 MiB
		})
		if err != nil {
			return err
		}
		for _, s := range unsafe.Slice(view[windows.ENUM_SERVICE_STATUS_PROCESS](buffer), count) { //nolint:gosec // G103: as many as Windows says
			names = append(names, windows.UTF16PtrToString(s.ServiceName))
		}
		return nil
	})
	return names, err
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
