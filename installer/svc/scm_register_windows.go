package svc

import (
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// scmText is a text for Windows; "" is none.
func scmText(text string) (*uint16, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // none is how Windows is told to leave a field
	}
	return windows.UTF16PtrFromString(text)
}

// block are texts that each end with a zero, and with an empty one; nil is none
// at all.
func block(texts []string) *uint16 {
	if texts == nil {
		return nil
	}
	var units []uint16
	for _, text := range texts {
		units = append(append(units, utf16.Encode([]rune(text))...), 0)
	}
	units = append(units, 0, 0)
	return &units[0]
}

// scmFields are a change as both calls take it.
type scmFields struct {
	line, after, account, password, display *uint16
}

func fieldsOf(c scmChange) (f scmFields, err error) {
	f.after = block(c.After)
	if f.line, err = scmText(c.CommandLine); err != nil {
		return f, err
	}
	if f.account, err = scmText(c.Account); err != nil {
		return f, err
	}
	if f.display, err = scmText(c.DisplayName); err != nil {
		return f, err
	}
	if c.Password != nil {
		f.password, err = windows.UTF16PtrFromString(c.Password.Reveal())
	}
	return f, err
}

func (windowsSCM) Create(name string, c scmChange) error {
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return ErrName
	}
	f, err := fieldsOf(c)
	if err != nil {
		return err
	}
	return withManager(windows.SC_MANAGER_CONNECT|windows.SC_MANAGER_CREATE_SERVICE, func(manager windows.Handle) error {
		service, err := windows.CreateService(manager, text, f.display, windows.SERVICE_QUERY_STATUS, c.Type, c.Start,
			windows.SERVICE_ERROR_NORMAL, f.line, nil, nil, f.after, f.account, f.password)
		if err != nil {
			return said("CreateService", err)
		}
		return said("CloseServiceHandle", windows.CloseServiceHandle(service))
	})
}

// Change does not go through mgr.Service.UpdateConfig, which cannot remove
// dependencies and fails where a host lacks one of the optional parts.
func (windowsSCM) Change(name string, c scmChange) error {
	f, err := fieldsOf(c)
	if err != nil {
		return err
	}
	kind, start := uint32(windows.SERVICE_NO_CHANGE), uint32(windows.SERVICE_NO_CHANGE)
	if c.Type != 0 {
		kind = c.Type
	}
	if c.Start != 0 {
		start = c.Start
	}
	return withService(name, windows.SERVICE_CHANGE_CONFIG, func(service windows.Handle) error {
		return said("ChangeServiceConfig", windows.ChangeServiceConfig(service, kind, start, windows.SERVICE_NO_CHANGE,
			f.line, nil, nil, f.after, f.account, f.password, f.display))
	})
}

func (windowsSCM) Set(name string, s scmSetting) error {
	info, err := infoOf(s)
	if err != nil {
		return err
	}
	// Who makes the manager start a service needs the right to start it.
	return withService(name, windows.SERVICE_CHANGE_CONFIG|windows.SERVICE_START, func(service windows.Handle) error {
		return said("ChangeServiceConfig2", windows.ChangeServiceConfig2(service, s.Level, info))
	})
}

// infoOf is the structure that belongs to a setting's level.
func infoOf(s scmSetting) (*byte, error) {
	switch s.Level {
	case scmLevelDescription:
		text, err := windows.UTF16PtrFromString(s.Text) // an empty one removes what is there
		return raw(&windows.SERVICE_DESCRIPTION{Description: text}), err
	case scmLevelRecovery:
		actions := make([]windows.SC_ACTION, 0, len(s.Actions))
		for _, a := range s.Actions {
			actions = append(actions, windows.SC_ACTION{Type: a.Type, Delay: uint32(a.Delay.Milliseconds())}) //nolint:gosec // minutes
		}
		return raw(&windows.SERVICE_FAILURE_ACTIONS{
			ResetPeriod: uint32(s.Time.Seconds()), ActionsCount: uint32(len(actions)), Actions: unsafe.SliceData(actions), //nolint:gosec // a day, three
		}), nil
	case scmLevelPreShutdown:
		milliseconds := uint32(s.Time.Milliseconds()) //nolint:gosec // minutes
		return raw(&milliseconds), nil
	}
	var on uint32 // the other levels are one BOOL
	if s.On {
		on = 1
	}
	return raw(&on), nil
}

func (windowsSCM) Delete(name string) error {
	return withService(name, windows.DELETE, func(service windows.Handle) error {
		return said("DeleteService", windows.DeleteService(service))
	})
}

// Emulated asks for what Wine's ntdll has so that programs can tell.
func (windowsSCM) Emulated() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}
