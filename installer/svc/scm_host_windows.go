package svc

import (
	"errors"
	"io/fs"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	servicesKey    = `SYSTEM\CurrentControlSet\Services\`
	environmentKey = `SYSTEM\CurrentControlSet\Control\Session Manager\Environment`
)

type windowsProcess struct{ handle windows.Handle }

func (windowsSCM) Process(pid uint32) (scmProcess, error) {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.SYNCHRONIZE, false, pid)
	switch {
	case errors.Is(err, windows.ERROR_INVALID_PARAMETER):
		return nil, errNoProcess
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return nil, ErrPermission
	case err != nil:
		return nil, said("OpenProcess", err)
	}
	return windowsProcess{handle}, nil
}

func (p windowsProcess) Started() (time.Time, error) {
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(p.handle, &created, &exited, &kernel, &user); err != nil {
		return time.Time{}, said("GetProcessTimes", err)
	}
	return time.Unix(0, created.Nanoseconds()).UTC(), nil
}

func (p windowsProcess) Ended() bool {
	event, err := windows.WaitForSingleObject(p.handle, 0)
	return err == nil && event == windows.WAIT_OBJECT_0
}

func (p windowsProcess) Close() { _ = windows.CloseHandle(p.handle) } // nothing of it is kept

// Variables reads the registry: the service's own list, and what every service
// of the host inherits.
func (windowsSCM) Variables(name string) ([]string, error) {
	own, err := ownVariables(name)
	if err != nil {
		return nil, err
	}
	everybody, err := registry.OpenKey(registry.LOCAL_MACHINE, environmentKey, registry.QUERY_VALUE)
	if err != nil {
		return nil, said("RegOpenKeyEx", err)
	}
	defer func() { _ = everybody.Close() }() // it was only read
	all, err := everybody.ReadValueNames(-1)
	for i, name := range all {
		if !namesEnvironment(name) {
			continue
		}
		if value, _, valueErr := everybody.GetStringValue(name); valueErr == nil {
			all[i] += "=" + value
		}
	}
	return inherit(own, all), said("RegEnumValue", err)
}

// ownVariables are those of the service alone.
func ownVariables(name string) ([]string, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, servicesKey+name, registry.QUERY_VALUE)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, said("RegOpenKeyEx", err)
	}
	defer func() { _ = key.Close() }() // it was only read
	assignments, _, err := key.GetStringsValue("Environment")
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, said("RegQueryValueEx", err)
	}
	return withoutValues(assignments), nil
}
