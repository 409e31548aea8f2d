package svc

import (
	"errors"
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// windowsSCM makes the calls; it keeps nothing.
type windowsSCM struct{}

func systemSCM() (scmCalls, error) { return windowsSCM{}, nil }

// said is what Windows answered to a call; nil stays nil.
func said(call string, err error) error {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return err
	}
	return &WindowsError{Call: call, Number: uint32(number), Text: number.Error()}
}

// withManager opens the manager for a call.
func withManager(rights uint32, use func(manager windows.Handle) error) error {
	manager, err := windows.OpenSCManager(nil, nil, rights)
	if err != nil {
		return said("OpenSCManager", err)
	}
	defer func() { _ = windows.CloseServiceHandle(manager) }() // nothing of it is kept
	return use(manager)
}

// withService opens a service for a call.
func withService(name string, rights uint32, use func(service windows.Handle) error) error {
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return ErrName
	}
	return withManager(windows.SC_MANAGER_CONNECT, func(manager windows.Handle) error {
		service, err := windows.OpenService(manager, text, rights)
		if err != nil {
			return said("OpenService", err)
		}
		defer func() { _ = windows.CloseServiceHandle(service) }() // nothing of it is kept
		return use(service)
	})
}

func (windowsSCM) Query(name string) (scmStatus, error) {
	var s windows.SERVICE_STATUS_PROCESS
	err := withService(name, windows.SERVICE_QUERY_STATUS, func(service windows.Handle) error {
		var needed uint32
		return said("QueryServiceStatusEx", windows.QueryServiceStatusEx(service, windows.SC_STATUS_PROCESS_INFO,
			raw(&s), uint32(unsafe.Sizeof(s)), &needed))
	})
	return scmStatus{
		Type: s.ServiceType, State: s.CurrentState, ExitCode: s.Win32ExitCode, Specific: s.ServiceSpecificExitCode,
		CheckPoint: s.CheckPoint, WaitHint: time.Duration(s.WaitHint) * time.Millisecond, PID: s.ProcessId,
	}, err
}

// Config does not go through mgr.Service.Config, which fails where a host
// lacks one of the optional parts.
func (windowsSCM) Config(name string) (c scmConfig, err error) {
	err = withService(name, windows.SERVICE_QUERY_CONFIG, func(service windows.Handle) error {
		buffer, err := grow("QueryServiceConfig", windows.ERROR_INSUFFICIENT_BUFFER, func(buffer []byte, needed *uint32) error {
			return windows.QueryServiceConfig(service, view[windows.QUERY_SERVICE_CONFIG](buffer), uint32(len(buffer)), needed) //nolint:gosec // a length of at most 1 MiB
		})
		if err != nil {
			return err
		}
		q := view[windows.QUERY_SERVICE_CONFIG](buffer)
		c = scmConfig{
			Type: q.ServiceType, Start: q.StartType, CommandLine: windows.UTF16PtrToString(q.BinaryPathName),
			Account: windows.UTF16PtrToString(q.ServiceStartName), DisplayName: windows.UTF16PtrToString(q.DisplayName),
			After: texts(q.Dependencies),
		}
		return nil
	})
	return c, err
}

func (windowsSCM) Dependants(name string, active bool) (names []string, err error) {
	state := uint32(windows.SERVICE_STATE_ALL)
	if active {
		state = windows.SERVICE_ACTIVE
	}
	err = withService(name, windows.SERVICE_ENUMERATE_DEPENDENTS, func(service windows.Handle) error {
		var count uint32
		buffer, err := grow("EnumDependentServices", windows.ERROR_MORE_DATA, func(buffer []byte, needed *uint32) error {
			return windows.EnumDependentServices(service, state, view[windows.ENUM_SERVICE_STATUS](buffer), uint32(len(buffer)), needed, &count) //nolint:gosec // a length of at most 1 MiB
		})
		if err != nil {
			return err
		}
		for _, s := range unsafe.Slice(view[windows.ENUM_SERVICE_STATUS](buffer), count) { //nolint:gosec // G103: as many as Windows says
			names = append(names, windows.UTF16PtrToString(s.ServiceName))
		}
		return nil
	})
	return names, err
}

// maxAnswerBytes is more than any answer of the manager is long: it holds
// command lines and names, each of which has its own limit.
const maxAnswerBytes = 1 << 20

// grow repeats a call until its answer fits.
func grow(name string, short error, call func(buffer []byte, needed *uint32) error) ([]byte, error) {
	for size := uint32(8 << 10); size <= maxAnswerBytes; {
		buffer := make([]byte, size)
		var needed uint32
		err := call(buffer, &needed)
		if !errors.Is(err, short) {
			return buffer, said(name, err)
		}
		size = max(2*size, needed)
	}
	return nil, fmt.Errorf("%s: the answer is longer than %d bytes", name, maxAnswerBytes)
}

func (windowsSCM) Start(name string) error {
	return withService(name, windows.SERVICE_START, func(service windows.Handle) error {
		return said(callStart, windows.StartService(service, 0, nil))
	})
}

func (windowsSCM) Stop(name string) error {
	return withService(name, windows.SERVICE_STOP, func(service windows.Handle) error {
		var s windows.SERVICE_STATUS
		return said("ControlService", windows.ControlService(service, windows.SERVICE_CONTROL_STOP, &s))
	})
}

// texts reads strings that each end with a zero, and with an empty one.
func texts(first *uint16) []string {
	var all []string
	for first != nil && *first != 0 {
		text := windows.UTF16PtrToString(first)
		all = append(all, text)
		encoded, err := windows.UTF16FromString(text) // with its zero
		if err != nil {
			return all
		}
		first = (*uint16)(unsafe.Add(unsafe.Pointer(first), len(encoded)*int(unsafe.Sizeof(*first)))) //nolint:gosec // G103: the next text, up to the empty one
	}
	return all
}

// raw is a structure as x/sys takes those of several shapes.
func raw[T any](structure *T) *byte {
	return (*byte)(unsafe.Pointer(structure)) //nolint:gosec // G103: the shape is the level's, by the caller
}

// view is the structure at the start of an answer, which points into the rest.
func view[T any](answer []byte) *T {
	return (*T)(unsafe.Pointer(&answer[0])) //nolint:gosec // G103: grow makes an answer far longer than each structure
}
