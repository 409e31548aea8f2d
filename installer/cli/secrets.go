package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/term"
)

// maxSecretBytes bounds what is read as a secret; Entra ID's have 64
// characters at most.
const maxSecretBytes = 64 << 10

// readSecret follows a reference.
func (a *app) readSecret(ctx context.Context, key string, r settings.Reference) (secret.Value, error) {
	switch {
	case r.Stdin:
		return a.secretFromStdin(ctx, key)
	case r.File != "":
		return a.secretFromFile(key, r.File)
	case r.Env != "":
		return a.secretFromEnv(key, r.Env)
	default:
		return a.secretFromKeyring(ctx, key, r.Keyring)
	}
}

// secretFromStdin waits until the stream ends, but not for a person: what is
// typed at a terminal would be seen.
func (a *app) secretFromStdin(ctx context.Context, key string) (secret.Value, error) {
	if term.IsTerminal(a.world.IO.In) {
		return secret.Value{}, usage(key+" is to come from stdin, and stdin is a terminal",
			"pipe it in, or leave the option out and be asked without echo")
	}
	type result struct {
		text []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(a.world.IO.In, maxSecretBytes+1))
		read <- result{text, err}
	}()
	timeout := time.NewTimer(a.world.StdinWithin)
	defer timeout.Stop()
	select {
	case r := <-read:
		if r.err != nil {
			return secret.Value{}, fault.Wrap(fault.Usage, r.err, "read "+key+" from stdin", "pipe the secret in")
		}
		return decodeSecret(key, "stdin", r.text)
	case <-timeout.C:
		return secret.Value{}, usage("nothing came from stdin and it stays open",
			"pipe the secret in and close the pipe")
	case <-ctx.Done():
		return secret.Value{}, fault.Wrap(fault.Cancelled, context.Cause(ctx), "cancelled; nothing was changed", "")
	}
}

func (a *app) secretFromFile(key, path string) (secret.Value, error) {
	file, err := os.Open(path)
	if err != nil {
		return secret.Value{}, fault.Wrap(fault.Usage, err, "read "+key, "name a file that this account may read")
	}
	defer file.Close() //nolint:errcheck // read-only
	info, err := file.Stat()
	switch {
	case err != nil:
		return secret.Value{}, fault.Wrap(fault.Usage, err, "read "+key, "name a file that this account may read")
	case info.IsDir():
		return secret.Value{}, usage(path+" is a folder", "name a file that holds the secret and nothing else")
	}
	if err := a.checkGuard(path, info); err != nil {
		return secret.Value{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxSecretBytes+1))
	if err != nil {
		return secret.Value{}, fault.Wrap(fault.Usage, err, "read "+key, "name a file that this account may read")
	}
	return decodeSecret(key, path, text)
}

// checkGuard refuses a secret in a file that people whom nobody chose can read or
// change. Where the host does not tell, nothing is known against it.
func (a *app) checkGuard(path string, info fs.FileInfo) error {
	guard, err := guardOf(a.world.Deps.Host, path, info)
	if err != nil {
		return nil //nolint:nilerr // a file system without such things
	}
	readers, err := guard.Readers()
	changers, err2 := guard.Changers()
	who := append(readers, changers...)
	if errors.Join(err, err2) != nil || len(who) == 0 {
		return nil //nolint:nilerr // a list of a form that nobody knows says nothing
	}
	slices.Sort(who)
	return usage(fmt.Sprintf("%s can be read or changed by %s", path, strings.Join(slices.Compact(who), ", ")),
		remedy.Here().Close(path)+", and consider the secret in it known")
}

func (a *app) secretFromEnv(key, name string) (secret.Value, error) {
	text := a.world.Getenv(name)
	if text == "" {
		return secret.Value{}, usage(fmt.Sprintf("%s is to come from the environment variable %s, which is not set", key, name),
			"set the variable for this run, or give the secret another way")
	}
	return secret.New(text), nil
}

func (a *app) secretFromKeyring(ctx context.Context, key, name string) (secret.Value, error) {
	store, entry := a.keystore(name)
	value, err := store.Get(ctx, entry)
	switch {
	case errors.Is(err, keystore.ErrNotFound):
		return value, fault.Wrap(fault.Usage, err, fmt.Sprintf("read %s from the entry %q", key, name),
			"installer keyring set "+name)
	case err != nil:
		return value, fault.Wrap(fault.Usage, err, fmt.Sprintf("read %s from the entry %q", key, name),
			keyringRemedy(err))
	}
	return value, nil
}

func decodeSecret(key, from string, text []byte) (secret.Value, error) {
	if len(text) > maxSecretBytes {
		return secret.Value{}, usage(fmt.Sprintf("%s: %s holds more than 64 KiB", key, from),
			"give the secret's value and nothing else")
	}
	decoded, err := settings.DecodeText(text)
	if err != nil {
		return secret.Value{}, usage(fmt.Sprintf("%s: %s is not UTF-8 or UTF-16 text", key, from),
			"give the secret's value as text")
	}
	return secret.New(string(decoded)), nil
}

// withoutLineEnd is a value without the one line end that a pipe or an editor
// puts behind it.
func withoutLineEnd(v secret.Value) (secret.Value, error) {
	text := v.Reveal()
	if line, ended := strings.CutSuffix(text, "\n"); ended {
		text = strings.TrimSuffix(line, "\r")
	}
	if text == "" {
		return v, usage("the value is empty", "pipe the value in: nothing came but the end")
	}
	return secret.New(text), nil
}
