package signin

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// OpenBrowser opens an address with the program that the desktop has for it. An
// error matches ErrNoBrowser. It holds no address.
func OpenBrowser(ctx context.Context, address string) error {
	argv, err := BrowserCommand(runtime.GOOS, os.Getenv, address)
	if err != nil {
		return err
	}
	result, err := proc.Run(ctx, proc.Command{Argv: argv, Env: desktop(os.LookupEnv)})
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNoBrowser, err)
	case result.ExitCode != 0:
		return fmt.Errorf("%w: %s ended with status %d", ErrNoBrowser, argv[0], result.ExitCode)
	}
	return nil
}

// BrowserCommand is the program that opens an address on a system. Without a
// desktop there is none.
func BrowserCommand(goos string, getenv func(string) string, address string) ([]string, error) {
	switch goos {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}, nil
	case "darwin":
		return []string{"open", address}, nil
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil, fmt.Errorf("%w: neither DISPLAY nor WAYLAND_DISPLAY is set", ErrNoBrowser)
	}
	return []string{"xdg-open", address}, nil
}

// desktop is what a browser needs of the environment, and nothing that could
// hold a secret.
func desktop(lookup func(string) (string, bool)) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "LANG", "USER", "LOGNAME", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS",
		"XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
		"XDG_DATA_HOME", "XDG_CONFIG_HOME", "BROWSER",
		"SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "USERNAME",
		"APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles", "ProgramFiles(x86)", "PUBLIC",
	} {
		if value, ok := lookup(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
