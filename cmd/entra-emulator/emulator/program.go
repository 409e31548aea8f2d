package emulator

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// Exit statuses.
const (
	StatusOK     = 0
	StatusFailed = 1
	StatusUsage  = 2
)

// errUsage marks a wrong command line.
var errUsage = errors.New("wrong command line")

// Streams are what the program reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main is the program: arguments without its name and streams in, exit status
// out.
func Main(args []string, streams Streams) int {
	err := run(args, streams)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return StatusOK
	case errors.Is(err, errUsage):
		_, _ = fmt.Fprintf(streams.Err, "entra-emulator: error: %v\n", err) // there is nowhere left to say it
		return StatusUsage
	default:
		_, _ = fmt.Fprintf(streams.Err, "entra-emulator: error: %v\n", err) // there is nowhere left to say it
		return StatusFailed
	}
}

func run(args []string, streams Streams) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: which command? serve, stop or admin", errUsage)
	}
	switch args[0] {
	case "serve":
		return serve(args, streams)
	case "stop":
		return runStop(args[1:], streams)
	case "admin":
		return runAdmin(args[1:], streams)
	case "-h", "-help", "--help", "help":
		_, err := fmt.Fprintln(streams.Out, "entra-emulator serve|stop|admin: a local Entra ID; each command takes --help")
		return err
	default:
		return fmt.Errorf("%w: no command %q; there are serve, stop and admin", errUsage, args[0])
	}
}

// parse reads flags and words in any order and returns the words.
func parse(set *flag.FlagSet, args []string, streams Streams) ([]string, error) {
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	var words []string
	for {
		err := set.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			set.SetOutput(streams.Out)
			set.PrintDefaults()
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		if set.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, set.Arg(0)), set.Args()[1:]
	}
}

// need is an error where a flag has no value.
func need(set *flag.FlagSet, names ...string) error {
	for _, name := range names {
		if set.Lookup(name).Value.String() == "" {
			return fmt.Errorf("%w: --%s is missing", errUsage, name)
		}
	}
	return nil
}
