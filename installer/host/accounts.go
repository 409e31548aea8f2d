package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// Exit statuses of the programs.
const (
	getentNotFound = 2
	useraddInUse   = 9
	userdelNoUser  = 6
)

// systemName is what every useradd takes.
var systemName = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)

func programFolders() []string { return []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin"} }

// Lookup finds an account.
func (o OS) Lookup(ctx context.Context, name string) (User, error) {
	u, err := known(name)
	if err == nil {
		return u, nil
	}
	if !errors.Is(err, ErrNoUser) {
		return User{}, fmt.Errorf("look up account %q: %w", name, err)
	}
	// A static binary reads /etc/passwd only; getent asks the directory
	// services too (SSSD, winbind).
	return o.lookupDirectory(ctx, name)
}

func (o OS) lookupDirectory(ctx context.Context, name string) (User, error) {
	missing := fmt.Errorf("look up account %q: %w", name, ErrNoUser)
	if name == "" || name[0] == '-' || number(name) >= 0 { // getent would read an option or an ID
		return User{}, missing
	}
	result, err := o.run(ctx, "getent", "passwd", name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && result.ExitCode == getentNotFound:
		return User{}, missing
	case err != nil:
		return User{}, fmt.Errorf("look up account %q: %w", name, err)
	case result.ExitCode != 0:
		return User{}, fmt.Errorf("look up account %q: getent ended with status %d", name, result.ExitCode)
	}
	u, ok := parsePasswd(string(result.Output))
	if !ok || !strings.EqualFold(u.Name, name) {
		return User{}, missing
	}
	return u, nil
}

// parsePasswd reads the first line of a text in the form of passwd(5).
func parsePasswd(text string) (User, bool) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Split(line, ":")
	if len(fields) != 7 || fields[0] == "" {
		return User{}, false
	}
	u := User{Name: fields[0], UID: number(fields[2]), GID: number(fields[3])}
	return u, u.UID >= 0 && u.GID >= 0
}

func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}

// AddUser makes a system account.
func (o OS) AddUser(ctx context.Context, name string) (u User, made bool, err error) {
	u, err = o.Lookup(ctx, name)
	if !errors.Is(err, ErrNoUser) {
		return u, false, err
	}
	if !systemName.MatchString(name) {
		return User{}, false, fmt.Errorf("add account %q: %w", name, ErrUserName)
	}
	group := []string{"--user-group"}
	if _, err := user.LookupGroup(name); err == nil {
		group = []string{"--gid", name} // useradd would refuse to make it again
	}
	args := append([]string{"--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"}, group...)
	result, err := o.run(ctx, "useradd", append(args, name)...)
	if err != nil {
		return User{}, false, fmt.Errorf("add account %q: %w", name, unsupported(err))
	}
	if result.ExitCode != 0 && result.ExitCode != useraddInUse {
		return User{}, false, fmt.Errorf("add account %q: useradd ended with status %d", name, result.ExitCode)
	}
	made = result.ExitCode == 0
	u, err = o.Lookup(ctx, name)
	return u, made, err
}

// RemoveUser removes a local account.
func (o OS) RemoveUser(ctx context.Context, name string) error {
	if !systemName.MatchString(name) {
		return fmt.Errorf("remove account %q: %w", name, ErrUserName)
	}
	result, err := o.run(ctx, "userdel", name)
	switch {
	case err != nil:
		return fmt.Errorf("remove account %q: %w", name, unsupported(err))
	case result.ExitCode != 0 && result.ExitCode != userdelNoUser:
		return fmt.Errorf("remove account %q: userdel ended with status %d", name, result.ExitCode)
	}
	return nil
}

// run runs a program of the host; fs.ErrNotExist when there is none.
func (o OS) run(ctx context.Context, program string, args ...string) (proc.Result, error) {
	folders := o.ProgramFolders
	if folders == nil {
		folders = programFolders()
	}
	for _, folder := range folders {
		path := filepath.Join(folder, program)
		// Windows has none of them, and anybody may make \usr on its drives.
		if !filepath.IsAbs(path) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return proc.Run(ctx, proc.Command{Argv: append([]string{path}, args...)})
		}
	}
	return proc.Result{}, fmt.Errorf("program %s: %w", program, fs.ErrNotExist)
}

func unsupported(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return err
}
