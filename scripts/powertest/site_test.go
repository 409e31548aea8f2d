//go:build power && linux

package powertest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

const (
	environment  = "ONE"
	unit         = "empower-backend-ONE.service"
	config       = "/etc/empower/backend/ONE/appsettings.json"
	state        = "/var/lib/empower/installer/ONE"
	journals     = state + "/journal"
	bootRecovery = "empower-boot-recovery-ONE.service"
	bootProof    = "empower-boot-proof-ONE.service"
	confirmTimer = "empower-confirm-ONE.timer"
)

// site is a machine with the reference backend, which the program installed.
type site struct {
	*machine

	entra  *entratest.Server
	listen string
	secret string // that configure set last
	key    secret.Key
	over   time.Time // when a change that was left unconfirmed goes back
}

// install puts the backend on a machine, from a release that is watched for a
// tenth of a second instead of two.
func install(t *testing.T, name string, more ...string) *site {
	t.Helper()
	s := &site{machine: newMachine(t, name), entra: entratest.Start(t, entratest.State{}), listen: kit.FreeAddress(t)}
	s.write(t, "/etc/authority/ca.pem", string(s.entra.CAPEM()), 0o644)
	s.copyIn(t, filepath.Join(os.Getenv("EMPOWER_POWER_BIN"), "reference-backend"), "/srv/payload/backend")
	s.release(t)
	s.secret = s.addSecret(t)
	s.write(t, "/srv/answers.yaml", fmt.Sprintf(`version: 1
environment: %s
identity:
  entra:
    tenantId: %s
    clientId: %s
    clientSecret: {file: /srv/secret}
    authority: %s
    caBundle: /etc/authority/ca.pem
    confirmations: 1
services: {listen: %q}
`, environment, entratest.TenantID, entratest.ClientID, s.entra.URL(), s.listen), 0o600)
	s.sh(t, "sync")
	s.installer(t, 0, s.installArgs(more...)...)
	s.learnKey(t)
	return s
}

func (s *site) installArgs(more ...string) []string {
	return append([]string{
		"install", "--release", "/srv/release", "--payload", "/srv/payload",
		"--answers", "/srv/answers.yaml", "--service-manager", "systemd",
	}, more...)
}

// release is the embedded one, quicker: two hundred runs have to fit in minutes.
func (s *site) release(t *testing.T) {
	t.Helper()
	for name, change := range map[string][2]string{
		"release.yaml":                 {"stableFor: 2s", "stableFor: 100ms"},
		"empower-backend.service.tmpl": {"RestartSec=5", "RestartSec=100ms"},
		"appsettings.json.tmpl":        {"", ""},
	} {
		text, err := os.ReadFile(filepath.Join(os.Getenv("EMPOWER_POWER_TEMPLATES"), name))
		if err != nil {
			t.Fatal(err)
		}
		quicker := strings.Replace(string(text), change[0], change[1], 1)
		if change[0] != "" && quicker == string(text) {
			t.Fatalf("%s does not say %q", name, change[0])
		}
		s.write(t, "/srv/release/"+name, quicker, 0o644)
	}
}

func (s *site) learnKey(t *testing.T) {
	t.Helper()
	key, err := secret.ParseKey(s.read(t, state+"/fingerprint.key"))
	if err != nil {
		t.Fatal(err)
	}
	s.key = key
}

// addSecret makes a secret and puts it where configure is told to look.
func (s *site) addSecret(t *testing.T) string {
	t.Helper()
	value := s.entra.Secret(t, entratest.ClientID).Reveal()
	s.write(t, "/srv/secret", value, 0o600)
	return value
}

func (s *site) fingerprint(value string) string { return s.key.Fingerprint(secret.New(value)) }

// outcome is how a run of the program ended.
type outcome struct {
	exit           int
	stdout, stderr string
}

// result is what --output json prints.
type result struct {
	Result string
	Plan   []string
}

func (o outcome) result() result {
	var r result
	_ = json.Unmarshal([]byte(o.stdout), &r) // a run that was killed prints nothing
	return r
}

// running is a run of the program that can be killed.
type running struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	done           chan struct{}
}

func (s *site) start(ctx context.Context, t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{done: make(chan struct{})}
	r.cmd = s.command(ctx, "enter", append([]string{"/srv/bin/installer"}, args...)...)
	r.cmd.Stdout, r.cmd.Stderr = &r.stdout, &r.stderr
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = r.cmd.Wait() // its status is looked at
		close(r.done)
	}()
	return r
}

// ended waits for the end of the run.
func (r *running) ended() outcome {
	<-r.done
	return outcome{r.cmd.ProcessState.ExitCode(), r.stdout.String(), r.stderr.String()}
}

// over reports whether the run has ended.
func (r *running) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// installer runs the program in the machine and wants an exit status.
func (s *site) installer(t *testing.T, want int, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got := s.start(ctx, t, args...).ended()
	if got.exit != want {
		t.Fatalf("installer %s: exit status %d, want %d\nstdout:\n%s\nstderr:\n%s",
			strings.Join(args, " "), got.exit, want, got.stdout, got.stderr)
	}
	return got
}

func (s *site) configure(more ...string) []string {
	return append([]string{"configure", "--environment", environment, "--client-secret-file", "/srv/secret", "--output", "json"}, more...)
}

// ready is the fingerprint that the backend is signed in with; "" while it is not.
func (s *site) ready() string {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second}
	response, err := client.Get("http://" + s.listen + "/health/ready")
	if err != nil {
		return ""
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	var body struct {
		Status     string
		Credential struct{ Fingerprint string }
	}
	if json.NewDecoder(response.Body).Decode(&body) != nil || body.Status != "ready" {
		return ""
	}
	return body.Credential.Fingerprint
}

// journalLines is how many records the journal of the run under way has.
func (s *site) journalLines() int {
	entries, err := os.ReadDir(s.path(journals))
	if err != nil {
		return 0
	}
	most := 0
	for _, e := range entries {
		if text, err := os.ReadFile(filepath.Join(s.path(journals), e.Name())); err == nil {
			most = max(most, bytes.Count(text, []byte("\n")))
		}
	}
	return most
}

// left lists what a run should have removed: journals, and files with the old or
// the new secret beside the configuration and among the state.
func (s *site) left() []string {
	var found []string
	for _, root := range []string{"/etc/empower", "/etc/systemd/system", state} {
		_ = filepath.WalkDir(s.path(root), func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				found = append(found, err.Error())
			case d.IsDir():
			case strings.HasPrefix(d.Name(), "."), strings.HasSuffix(path, ".journal"):
				found = append(found, strings.TrimPrefix(path, s.root))
			}
			return nil
		})
	}
	return found
}
