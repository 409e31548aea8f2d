package keystore

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/zalando/go-keyring"
)

// MaxBytes is how long a value may be on an operating system, in bytes of
// UTF-8, as which it is kept; 0 where no limit is known. Of Windows it is
// CRED_MAX_CREDENTIAL_BLOB_SIZE (wincred.h, 5*512).
func MaxBytes(goos string) int {
	if goos == "windows" {
		return 2560
	}
	return 0
}

// noSuchLogonSession is ERROR_NO_SUCH_LOGON_SESSION: "Network logon sessions do
// not have an associated credential set" (Microsoft Learn, CredWriteW, 2026).
const noSuchLogonSession = 1312

// Meaning is what an error of the store of an operating system means: one of
// this package's errors, and the cause where that says more.
func Meaning(goos string, err error) error {
	var number syscall.Errno
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrName), errors.Is(err, ErrExposed):
		return err
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooLarge
	case goos == "windows" && errors.As(err, &number) && number == noSuchLogonSession:
		return fmt.Errorf("%w: %w (error %d)", ErrUnusable, ErrNoSession, uint(number))
	}
	return fmt.Errorf("%w: %w", ErrUnusable, err)
}
