package cli_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/term"
)

// outcome is a run of the program in this process.
type outcome struct {
	status         int
	stdout, stderr string
}

// unattended runs the program without a terminal, in a world where nothing can
// be asked: neither a person nor Entra ID.
func unattended(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	world := cli.Real()
	world.IO = term.IO{In: strings.NewReader(""), Out: &out, Err: &err}
	world.Getenv = func(string) string { return "" }
	world.Asker = func(bool, bool) prompt.Asker {
		t.Error("a person was about to be asked")
		return prompt.New(prompt.Options{IO: world.IO})
	}
	world.Deps.Authority = func(entra.Options) (entra.Authority, error) {
		t.Error("Entra ID was about to be asked")
		return nil, context.Canceled
	}
	status := cli.Main(world, args)
	return outcome{status, out.String(), err.String()}
}

// required is an answer to each setting that install needs.
func required() map[string]string {
	return map[string]string{
		settings.Environment:  "environment: PROD",
		settings.TenantID:     "identity: {entra: {tenantId: 6f0c1f1e-0000-4000-8000-000000000001}}",
		settings.ClientID:     "identity: {entra: {clientId: 11111111-0000-4000-8000-000000000002}}",
		settings.ClientSecret: "identity: {entra: {clientSecret: {file: secret}}}",
	}
}

func TestAllAnswersOfThisTestAreRequiredAndNoneIsForgotten(t *testing.T) {
	given := required()
	for _, key := range settings.Missing(settings.Answers{}, settings.ForInstall) {
		if _, ok := given[key]; !ok {
			t.Errorf("%s is required and this test does not leave it out", key)
		}
		delete(given, key)
	}
	for key := range given {
		t.Errorf("%s is not required", key)
	}
}

func TestEachAnswerThatIsLeftOutIsNamedAndNothingIsAskedOrWritten(t *testing.T) {
	for key := range required() {
		t.Run(key, func(t *testing.T) {
			work := t.TempDir()
			answers := answersWithout(t, work, key)
			before := listing(t, work)
			got := unattended(t, "install", "--answers", answers, "--payload", filepath.Join(work, "payload"),
				"--prefix", filepath.Join(work, "host"), "--service-manager", "command")
			if got.status != 2 || got.stdout != "" {
				t.Errorf("got status %d and %q on stdout, want 2 and nothing", got.status, got.stdout)
			}
			if want := "installer: error: " + key + " is missing, and there is no terminal to ask at\n"; !strings.HasPrefix(got.stderr, want) {
				t.Errorf("got %q, want %q first", got.stderr, want)
			}
			if after := listing(t, work); after != before {
				t.Errorf("files changed: got\n%s\nwant\n%s", after, before)
			}
		})
	}
}

// answersWithout writes an answers file with everything that is required but
// one key, and a secret and program files beside it.
func answersWithout(t *testing.T, folder, missing string) string {
	t.Helper()
	text := "version: 1\n"
	var entra []string
	for key, line := range required() {
		switch inner, isEntra := strings.CutPrefix(line, "identity: {entra: {"); {
		case key == missing:
		case isEntra:
			entra = append(entra, "    "+strings.TrimSuffix(inner, "}}")+"\n")
		default:
			text += line + "\n"
		}
	}
	text += "identity:\n  entra:\n" + strings.Join(entra, "")
	write(t, filepath.Join(folder, "answers.yaml"), text)
	write(t, filepath.Join(folder, "secret"), "TST8Q~not-a-real-secret-0000000000000001")
	write(t, filepath.Join(folder, "payload", "backend"), "#!/bin/sh\n")
	return filepath.Join(folder, "answers.yaml")
}

// write makes a file that others can neither read nor change, on Windows either.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(path, []byte(text), atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}); err != nil {
		t.Fatal(err)
	}
}

// listing is every file below a folder with its mode, size and time.
func listing(t *testing.T, folder string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			b.WriteString(info.Mode().String() + " " + path + " " + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
