package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// maxAnswersBytes bounds an answers file.
const maxAnswersBytes = 1 << 20

// defaultWindow is how long a fresh secret is waited for: Entra ID takes up to
// two minutes.
const defaultWindow = 2 * time.Minute

// changeFlags are what install and configure share.
type changeFlags struct {
	input          inputFlags
	expires        string
	credentialID   string
	dryRun         bool
	skipValidation bool
	allowGUID      bool
	window         time.Duration
	saveAnswers    string
}

func (f *changeFlags) register(flags *pflag.FlagSet) {
	f.input.register(flags)
	flags.StringVar(&f.expires, "expires", "", "the client secret's last `DATE`, as 2026-12-31")
	flags.StringVar(&f.credentialID, "credential-id", "", "the client secret's Secret ID, a `GUID` that the portal shows beside the value; recorded")
	flags.BoolVar(&f.dryRun, "dry-run", false, "check, prove and plan, write nothing")
	flags.BoolVar(&f.skipValidation, "skip-validation", false, "do not prove the secret at Entra ID (recorded)")
	flags.BoolVar(&f.allowGUID, "allow-guid-secret", false, "accept a secret that looks like a Secret ID")
	flags.DurationVar(&f.window, "validation-window", defaultWindow, "how long to wait until Entra ID accepts a fresh secret")
	flags.StringVar(&f.saveAnswers, "save-answers", "", "write the answers to `FILE`, for the next time; secrets as references")
}

// told takes what tells of the client secret out of the values: it is recorded
// and written to no file. Flags come before answers.
func (f *changeFlags) told(values map[string]string, now time.Time) error {
	f.expires = cmp.Or(f.expires, values[settings.ClientSecretExpires])
	f.credentialID = cmp.Or(f.credentialID, values[settings.ClientSecretID])
	maps.DeleteFunc(values, func(key, _ string) bool { return settings.Told(key) })
	if f.credentialID != "" {
		if err := settings.Validate(settings.ClientSecretID, f.credentialID); err != nil {
			return usage("the secret's Secret ID is no GUID", "copy the column Secret ID of the portal, not Value; a value that was given here is known to who can list processes: make a new one")
		}
	}
	return checkExpires(f.expires, now)
}

// inputFlags are the ways to give settings, which install and configure share.
type inputFlags struct {
	answers       string
	set           []string
	secretStdin   bool
	secretFile    string
	secretKeyring string
	link          linkFlags
}

func (f *inputFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.answers, "answers", "", "the answers `FILE`; - is stdin (installer answers init makes one)")
	flags.StringArrayVar(&f.set, "set", nil, "a setting as `key=value`; not for secrets")
	flags.BoolVar(&f.secretStdin, "client-secret-stdin", false, "read the client secret from stdin")
	flags.StringVar(&f.secretFile, "client-secret-file", "", "read the client secret from `FILE`")
	flags.StringVar(&f.secretKeyring, "client-secret-keyring", "", "read the client secret from the credential store's entry `NAME`")
}

// input is what was given, from every source, with secrets in hand.
type input struct {
	answers settings.Answers
	secrets map[string]secret.Value
	link    secret.Value // a one-time link to the client secret, not read yet
}

func (in input) empty() bool {
	return len(in.answers.Values) == 0 && len(in.secrets) == 0 && in.link.IsZero()
}

func (in input) text(key string) string { return in.answers.Values[key].Text }

func (in input) values() map[string]string {
	texts := map[string]string{}
	for key, v := range in.answers.Values {
		texts[key] = v.Text
	}
	return texts
}

// gather joins answers file, environment and flags, the later ones winning,
// and reads the secrets that they refer to.
func (a *app) gather(ctx context.Context, f inputFlags) (input, error) {
	in := input{secrets: map[string]secret.Value{}}
	fromFlags, err := f.parse()
	if err == nil {
		err = a.checkStdin(f, fromFlags)
	}
	if err != nil {
		return in, err
	}
	fromFile, err := a.readAnswers(f.answers)
	if err != nil {
		return in, err
	}
	in.answers = settings.Merge(fromFile, settings.FromEnvironment(a.world.Getenv), fromFlags)
	if err := a.checkStdin(f, in.answers); err != nil {
		return in, err
	}
	for _, key := range settings.SecretKeys() {
		reference, given := in.answers.Secrets[key]
		if !given {
			continue
		}
		value, err := a.readSecret(ctx, key, reference)
		if err != nil {
			return in, err
		}
		if reference.Link {
			in.link = value
			continue
		}
		in.secrets[key] = value
	}
	return in, nil
}

// checkStdin refuses two readers of one stream.
func (a *app) checkStdin(f inputFlags, answers settings.Answers) error {
	readers := 0
	if f.answers == "-" {
		readers++
	}
	for _, r := range answers.Secrets {
		if r.Stdin {
			readers++
		}
	}
	if readers > 1 {
		return usage("stdin is to give more than one thing", "give all but one of them by file")
	}
	return nil
}

func (f *inputFlags) parse() (settings.Answers, error) {
	given := settings.Answers{Values: map[string]settings.Value{}, Secrets: map[string]settings.Reference{}}
	var problems []error
	for _, assignment := range f.set {
		key, text, err := settings.ParseSet(assignment)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		given.Values[key] = settings.Value{Text: text, Origin: settings.FromFlag}
	}
	if len(problems) > 0 {
		return given, fault.Wrap(fault.Usage, errors.Join(problems...), "--set", "installer answers init lists every key")
	}
	var ways []settings.Reference
	if f.secretStdin {
		ways = append(ways, settings.Reference{Stdin: true})
	}
	if f.secretFile != "" {
		ways = append(ways, settings.Reference{File: f.secretFile})
	}
	if f.secretKeyring != "" {
		ways = append(ways, settings.Reference{Keyring: f.secretKeyring})
	}
	ways = append(ways, f.link.ways()...)
	if len(ways) > 1 {
		return given, usage("the client secret is given in more than one way",
			"give one of --client-secret-stdin, --client-secret-file, --client-secret-keyring and a link")
	}
	if len(ways) == 1 {
		given.Secrets[settings.ClientSecret] = ways[0]
	}
	return given, nil
}

func (a *app) readAnswers(path string) (settings.Answers, error) {
	var none settings.Answers
	if path == "" {
		return none, nil
	}
	text, err := a.answersText(path)
	if err != nil {
		return none, fault.Wrap(fault.Usage, err, "read the answers",
			"name an answers file, of 1 MiB at most, that this account may read")
	}
	answers, problems := settings.ParseAnswers(text, path)
	if len(problems) == 0 {
		return answers, nil
	}
	return none, answersFault(path, problems)
}

func (a *app) answersText(path string) ([]byte, error) {
	if path != "-" {
		file, err := atomicfile.Read(path, maxAnswersBytes)
		return file.Data, err
	}
	text, err := io.ReadAll(io.LimitReader(a.world.IO.In, maxAnswersBytes+1))
	if err == nil && len(text) > maxAnswersBytes {
		return nil, atomicfile.ErrTooLarge
	}
	return text, err
}

// answersFault tells every problem, a line each.
func answersFault(path string, problems []settings.Problem) error {
	var lines []error
	for _, p := range problems {
		lines = append(lines, errors.New(place(path, p)+p.Text))
	}
	return fault.Wrap(fault.Usage, errors.Join(lines...), fmt.Sprintf("the answers have %d problem(s)", len(problems)),
		"correct the places named; installer answers schema tells what is allowed")
}

func place(path string, p settings.Problem) string {
	if path == "-" {
		path = "stdin"
	}
	switch {
	case p.Line == 0:
		return path + ": "
	case p.Column == 0:
		return fmt.Sprintf("%s:%d: ", path, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", path, p.Line, p.Column)
}

// saveAnswers writes what was given, with references in place of secrets. A dry
// run writes nothing.
func (a *app) saveAnswers(f changeFlags, in input) error {
	path := f.saveAnswers
	if path == "" || f.dryRun {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return usage(path+" is there already", "name a new file for --save-answers")
	}
	text := settings.Save(in.answers)
	options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1, Exclusive: true}
	if err := atomicfile.Create(path, text, options); err != nil {
		return fault.Wrap(fault.Usage, err, "write the answers", "name a file in a folder that this account may write")
	}
	return nil
}
