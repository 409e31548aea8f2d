package svc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	godbus "github.com/godbus/dbus/v5"
)

// translate puts the sentinel of this package before systemd's own words.
func translate(err error) error {
	var said godbus.Error
	if !errors.As(err, &said) {
		return err
	}
	switch said.Name {
	case "org.freedesktop.systemd1.NoSuchUnit",
		"org.freedesktop.DBus.Error.UnknownObject":
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	case "org.freedesktop.systemd1.UnitMasked":
		return fmt.Errorf("%w: %w", ErrMasked, err)
	case "org.freedesktop.DBus.Error.AccessDenied",
		"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
		"org.freedesktop.DBus.Error.AuthFailed":
		return fmt.Errorf("%w: %w", ErrPermission, err)
	}
	return err
}

// refused is for a job that systemd did not take. What is not found or masked
// then is a unit that the service requires: the service itself was looked at.
func refused(what, err error) error {
	var said godbus.Error
	if translated := translate(err); errors.Is(translated, ErrPermission) || !errors.As(err, &said) {
		return translated
	}
	return fmt.Errorf("%w: %w", what, err)
}

// denied is ErrPermission for a file that may not be written, too.
func denied(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: %w", ErrPermission, err)
	}
	return err
}

// ended names what did not happen because the context ended.
func ended(ctx context.Context, what, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) && !errors.Is(err, what) {
		return fmt.Errorf("%w: %w", what, err)
	}
	return err
}

// maxUnitNameBytes is systemd's own limit.
const maxUnitNameBytes = 255

func unitTypes() []string {
	return []string{
		".service", ".socket", ".target", ".timer", ".path", ".mount",
		".automount", ".swap", ".slice", ".scope", ".device",
	}
}

// unitName completes a name to the name of a unit. What systemd would not take
// for a name, a path and a template without its instance among it, is ErrName.
func unitName(name string) (string, error) {
	whole := name
	stem, ok := cutType(name)
	if !ok {
		stem, whole = name, name+".service"
	}
	bad := stem == "" || strings.ContainsRune(".@", rune(stem[0])) || strings.HasSuffix(stem, "@") || strings.ContainsFunc(stem, foreign)
	if bad || len(whole) > maxUnitNameBytes {
		return "", ErrName
	}
	return whole, nil
}

// foreign reports what a unit's name cannot hold.
func foreign(r rune) bool {
	return !strings.ContainsRune(":-_.\\@", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

func cutType(name string) (stem string, ok bool) {
	for _, suffix := range unitTypes() {
		if stem, ok := strings.CutSuffix(name, suffix); ok && stem != "" {
			return stem, true
		}
	}
	return "", false
}
