package svc

import (
	"errors"
	"fmt"
)

// Errors of the service control manager that a Manager tells apart.
var (
	ErrDeleting = errors.New("the service is marked for deletion")
	ErrPassword = errors.New("the account needs its password")
)

// Numbers of Windows' errors (winerror.h).
const (
	WindowsFileNotFound         = 2
	WindowsPathNotFound         = 3
	WindowsAccessDenied         = 5
	WindowsInvalidName          = 123
	WindowsInvalidLevel         = 124
	WindowsDependentRunning     = 1051
	WindowsRequestTimeout       = 1053
	WindowsDatabaseLocked       = 1055
	WindowsAlreadyRunning       = 1056
	WindowsInvalidAccount       = 1057
	WindowsServiceDisabled      = 1058
	WindowsServiceDoesNotExist  = 1060
	WindowsCannotAcceptControl  = 1061
	WindowsNotActive            = 1062
	WindowsServiceSpecificError = 1066
	WindowsProcessAborted       = 1067
	WindowsDependencyFailed     = 1068
	WindowsLogonFailed          = 1069
	WindowsMarkedForDelete      = 1072
	WindowsServiceExists        = 1073
	WindowsDependencyDeleted    = 1075
	WindowsNeverStarted         = 1077
	WindowsNoSuchAccount        = 1332
)

// callStart is the call whose "access denied" is about the service's program.
const callStart = "StartService"

// WindowsError is what Windows answered to a call.
type WindowsError struct {
	Call   string // of the Windows API
	Number uint32 // of winerror.h
	Text   string // Windows' own, for numbers that have no text here
}

// Error is the text, the number and the call.
func (e *WindowsError) Error() string {
	text, ok := windowsTexts()[e.Number]
	if !ok {
		text = e.Text
	}
	if e.Call == callStart && e.Number == WindowsAccessDenied {
		text = "the service's account may not run its program"
	}
	return fmt.Sprintf("%s: %s (error %d)", e.Call, text, e.Number)
}

// windowsTexts say what happened in words that do not depend on the display
// language of the host.
func windowsTexts() map[uint32]string {
	return map[uint32]string{
		WindowsFileNotFound:         "the file is not there",
		WindowsPathNotFound:         "the folder is not there",
		WindowsAccessDenied:         "access is denied",
		WindowsInvalidName:          "the name is not valid",
		WindowsInvalidLevel:         "this host does not have it",
		WindowsDependentRunning:     "services that depend on it run",
		WindowsRequestTimeout:       "the service did not answer in time",
		WindowsDatabaseLocked:       "the manager is busy with its own start",
		WindowsAlreadyRunning:       "it runs already",
		WindowsInvalidAccount:       "the account is not valid or does not exist",
		WindowsServiceDisabled:      "the service is disabled",
		WindowsServiceDoesNotExist:  "there is no such service",
		WindowsCannotAcceptControl:  "the service takes no requests at this time",
		WindowsNotActive:            "it does not run",
		WindowsServiceSpecificError: "the service ended with an exit code of its own",
		WindowsProcessAborted:       "its process ended unexpectedly",
		WindowsDependencyFailed:     "a service that it depends on did not start",
		WindowsLogonFailed:          "the service host user could not log on",
		WindowsMarkedForDelete:      "the service is marked for deletion",
		WindowsServiceExists:        "a service of that name exists already",
		WindowsDependencyDeleted:    "a service that it depends on does not exist",
		WindowsNeverStarted:         "it was not started since the host was",
		WindowsNoSuchAccount:        "there is no such account",
	}
}

// windowsNumber is the number of an answer of Windows; 0 where it is none.
func windowsNumber(err error) uint32 {
	var said *WindowsError
	if !errors.As(err, &said) {
		return 0
	}
	return said.Number
}

// scmTranslate puts the sentinel of this package before Windows' answer; one
// that has none of its own is what the attempt says, where there is one.
func scmTranslate(err, attempt error) error {
	var said *WindowsError
	if !errors.As(err, &said) {
		return err
	}
	what := attempt
	switch said.Number {
	case WindowsServiceDoesNotExist:
		what = ErrNotFound
	case WindowsInvalidName:
		what = ErrName
	case WindowsServiceDisabled:
		what = ErrDisabled
	case WindowsMarkedForDelete:
		what = ErrDeleting
	case WindowsAccessDenied:
		if said.Call != callStart {
			what = ErrPermission
		}
	}
	if what == nil || errors.Is(err, what) {
		return err
	}
	return fmt.Errorf("%w: %w", what, err)
}
