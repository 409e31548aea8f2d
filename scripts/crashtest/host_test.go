//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// The client secrets. Entra ID knows all but the last; the backend does not stay
// up with the sick one.
const (
	oldSecret     = "TST8Q~not-a-real-secret-ofLastYear000Z00"
	newSecret     = "TST8Q~not-a-real-secret-ofThisYear000Z00"
	sickSecret    = "TST8Q~not-a-real-secret-sick000000000Z00"
	unknownSecret = "TST8Q~not-a-real-secret-unknown000000Z00"
)

// patience bounds one run of the program; it is far above what any should take.
const patience = time.Minute

// stage is what all hosts share.
type stage struct {
	*testing.T

	folder    string
	installer string
	entra     *entratest.Server
	recovers  bool // the program has a command that recovers and does nothing else
}

// newStage starts an Entra ID, and writes the secrets into files.
func newStage(t *testing.T) *stage {
	t.Helper()
	programs := os.Getenv("EMPOWER_BIN")
	if programs == "" {
		t.Skip("EMPOWER_BIN is not set: run make faults")
	}
	s := &stage{T: t, installer: filepath.Join(programs, "installer"), folder: workFolder(t)}
	var known []entratest.Password
	for name, value := range map[string]string{"old": oldSecret, "new": newSecret, "sick": sickSecret} {
		known = append(known, entratest.Password{Name: name, Value: secret.New(value)})
		s.write(s.secret(name), value, 0o600)
	}
	s.write(s.secret("unknown"), unknownSecret, 0o600)
	var err error
	s.entra, err = entratest.New(entratest.Options{CAFile: filepath.Join(s.folder, "ca.pem")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.entra.Close() }) // nothing of it outlives the test's process
	for _, p := range known {
		if _, err := s.entra.AddPassword(entratest.ClientID, p); err != nil {
			t.Fatal(err)
		}
	}
	help, _ := exec.CommandContext(t.Context(), s.installer, "recover", "--help").Output()
	s.recovers = bytes.Contains(help, []byte("installer recover"))
	return s
}

// workFolder is in memory where that can be had: thousands of runs are not to
// wear out a disk, and what a power cut loses is another test's business.
func workFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "crashtest-") //nolint:usetesting // in memory, where the test's own folder is on a disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // in memory: gone with the machine at the latest
	return folder
}

func (s *stage) secret(name string) string { return filepath.Join(s.folder, name+"-secret") }

func (s *stage) write(path, text string, mode os.FileMode) {
	s.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err = errors.Join(err, os.WriteFile(path, []byte(text), mode)); err == nil {
		err = os.Chmod(path, mode) // whatever the umask
	}
	if err != nil {
		s.Fatal(err)
	}
}

// host is one place where runs happen, one after the other. Everything that a
// run can change is in tree.
type host struct {
	*stage

	root, tree string
	out, err   *os.File
}

func (s *stage) newHost(name string) *host {
	s.Helper()
	h := &host{stage: s, root: filepath.Join(s.folder, name)}
	h.tree = filepath.Join(h.root, "tree")
	if err := os.MkdirAll(h.tree, 0o755); err != nil {
		s.Fatal(err)
	}
	var err, errOut error
	h.out, err = os.Create(filepath.Join(h.root, "stdout"))
	h.err, errOut = os.Create(filepath.Join(h.root, "stderr"))
	if err := errors.Join(err, errOut); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = errors.Join(h.out.Close(), h.err.Close()) }) // their content was looked at
	return h
}

// fill fills the variables of a text in.
func (h *host) fill(text string) string {
	return strings.NewReplacer(
		"$TREE", h.tree, "$FOLDER", h.folder, "$OLD", oldSecret, "$TENANT", entratest.TenantID, "$CLIENT", entratest.ClientID,
		"$ENTRA", h.entra.URL(), "$CA", filepath.Join(h.folder, "ca.pem"),
	).Replace(text)
}

// argv is a run of the program on this host.
func (h *host) argv(args []string) []string {
	argv := []string{h.installer}
	for _, arg := range args {
		argv = append(argv, h.fill(arg))
	}
	return append(argv, "--state", filepath.Join(h.tree, "state"), "--non-interactive")
}

func environ() []string { return []string{"PATH=/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8"} }

// outcome is how a run ended.
type outcome struct {
	tracer.Outcome

	stdout, stderr string
}

// run runs the program, at full speed.
func (h *host) run(args []string) (outcome, error) {
	ctx, cancel := context.WithTimeout(h.Context(), patience)
	defer cancel()
	cmd, streams := h.command(ctx, args)
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return outcome{}, fmt.Errorf("run %q: %w", args, err)
	}
	o := streams()
	o.Exit, o.Took = cmd.ProcessState.ExitCode(), time.Since(began)
	return o, nil
}

// command is a run that is about to be started, and what it said once it has ended.
func (h *host) command(ctx context.Context, args []string) (cmd *exec.Cmd, said func() outcome) {
	argv := h.argv(args)
	cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env, cmd.Dir = environ(), h.root
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	return cmd, func() outcome { return outcome{stdout: stdout.String(), stderr: stderr.String()} }
}

// trace runs the program under an observer.
func (h *host) trace(args []string, watch tracer.Observer) (outcome, error) {
	for _, stream := range []*os.File{h.out, h.err} {
		if _, err := stream.Seek(0, 0); err != nil {
			return outcome{}, err
		}
		if err := stream.Truncate(0); err != nil {
			return outcome{}, err
		}
	}
	o, err := tracer.Run(tracer.Command{
		Argv: h.argv(args), Env: environ(), Dir: h.root, Stdout: h.out, Stderr: h.err, Limit: patience,
	}, watch)
	if err != nil {
		return outcome{}, err
	}
	stdout, err := os.ReadFile(h.out.Name())
	stderr, errToo := os.ReadFile(h.err.Name())
	return outcome{o, string(stdout), string(stderr)}, errors.Join(err, errToo)
}

// must runs the program to a status that is not in question.
func (h *host) must(want int, args []string) outcome {
	h.Helper()
	o, err := h.run(args)
	if err != nil || o.Exit != want {
		h.Fatalf("installer %q: exit status %d, want %d: %v\n%s%s", args, o.Exit, want, err, o.stdout, o.stderr)
	}
	return o
}
