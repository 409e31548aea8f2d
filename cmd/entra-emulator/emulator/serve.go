package emulator

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/empowersuite/backend-installer/cmd/daemon"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const maxFileBytes = 1 << 20

type serveOptions struct {
	listen, state, caFile, tokenFile, readyFile, hosts string
	pidFile, logFile                                   string
	daemon                                             bool
	seed                                               uint64
}

// serve is the command; args[0] is its own name.
func serve(args []string, streams Streams) error {
	o, err := parseServe(args[1:], streams)
	if err != nil {
		return err
	}
	if o.daemon {
		return daemon.Detach(args, o.pidFile, o.logFile)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return o.run(ctx, streams)
}

func parseServe(args []string, streams Streams) (serveOptions, error) {
	var o serveOptions
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	set.StringVar(&o.listen, "listen", "127.0.0.1:8443", "`host:port` to listen on")
	set.StringVar(&o.state, "state", "", "`file` with tenants, applications and users")
	set.StringVar(&o.caFile, "ca-file", "", "`file` that the certificate authority is written to")
	set.StringVar(&o.tokenFile, "token-file", "", "`file` that the token of the admin API is written to")
	set.StringVar(&o.readyFile, "ready-file", "", "`file` that the URL is written to when it listens")
	set.StringVar(&o.hosts, "host", "", "further `names` and addresses for the certificate, separated by commas")
	set.StringVar(&o.pidFile, "pid-file", "", "`file` that holds the process ID while it runs")
	set.StringVar(&o.logFile, "log-file", "", "`file` that --daemon appends the log to")
	set.BoolVar(&o.daemon, "daemon", false, "detach; return when it listens")
	set.Uint64Var(&o.seed, "seed", 0, "an odd `number` shifts flapping by one request")
	words, err := parse(set, args, streams)
	switch {
	case err != nil:
		return o, err
	case len(words) > 0:
		return o, fmt.Errorf("%w: unexpected %q", errUsage, words[0])
	case o.daemon && o.pidFile == "":
		return o, fmt.Errorf("%w: --daemon needs --pid-file", errUsage)
	}
	if o.logFile == "" {
		o.logFile = o.pidFile + ".log"
	}
	return o, need(set, "ca-file", "token-file")
}

// run serves until ctx ends.
func (o serveOptions) run(ctx context.Context, streams Streams) error {
	options, err := o.options()
	if err != nil {
		return err
	}
	if o.pidFile != "" && daemon.Running(o.pidFile) {
		return fmt.Errorf("%s: already running", o.pidFile)
	}
	server, err := entratest.New(options)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }() // the process ends with it
	if err := writeToken(o.tokenFile, options.AdminToken); err != nil {
		return err
	}
	if o.readyFile != "" {
		if err := writeWhole(o.readyFile, server.URL()+"\n"); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(streams.Err, "entra-emulator: listens at %s\n", server.URL()); err != nil {
		return err
	}
	// Last: whoever started us with --daemon waits for this file.
	if o.pidFile != "" {
		claim, err := daemon.Claim(o.pidFile)
		if err != nil {
			return err
		}
		defer claim.Release()
	}
	<-ctx.Done()
	return nil
}

func (o serveOptions) options() (entratest.Options, error) {
	options := entratest.Options{Listen: o.listen, CAFile: o.caFile, Seed: o.seed}
	if o.hosts != "" {
		options.Hosts = strings.Split(o.hosts, ",")
	}
	if o.state != "" {
		text, err := readBounded(o.state)
		if err != nil {
			return options, err
		}
		if options.State, err = entratest.ParseState(text); err != nil {
			return options, fmt.Errorf("%s: %w", o.state, err)
		}
	}
	options.AdminToken = rand.Text()
	return options, nil
}

// writeToken makes the file anew, so that nobody who opened an older one
// reads the new token.
func writeToken(path, token string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(token + "\n")
	return errors.Join(err, f.Close())
}

// writeWhole lets a reader see all of the text or no file.
func writeWhole(path, text string) error {
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil { //nolint:gosec // a URL, for everybody
		return err
	}
	return os.Rename(path+".new", path)
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(text) > maxFileBytes {
		err = fmt.Errorf("%s: larger than %d bytes", path, maxFileBytes)
	}
	return text, err
}

// runStop ends the process that holds the file; none is fine.
func runStop(args []string, streams Streams) error {
	set := flag.NewFlagSet("stop", flag.ContinueOnError)
	pidFile := set.String("pid-file", "", "`file` that holds the process ID")
	if _, err := parse(set, args, streams); err != nil {
		return err
	}
	if err := need(set, "pid-file"); err != nil {
		return err
	}
	return daemon.Stop(*pidFile)
}
