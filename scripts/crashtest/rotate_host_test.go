//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// The client secrets that are there before a rotation: the one in use, and that of
// another host.
const (
	oldKey   = "0d1e0000-0000-4000-8000-000000000001"
	otherKey = "0d1e0000-0000-4000-8000-000000000002"

	otherSecret = "Oth8Q~not-a-real-secret-ofAnother0000Z00"
)

// ownName is what the program calls what it makes.
const ownName = "backend-installer on "

// later is by how much the directory's clock is moved to make it sure that a client
// secret which it does not list is not there.
const later = 20 * time.Minute

// rotate is the command, which always does the same.
func rotate() []string {
	return []string{
		"configure", "--environment", "PROD", "--rotate", "--sign-in", "application",
		"--retire", "now", "--yes", "--validation-window", "0s",
	}
}

// payOwed is the command that removes what is owed.
func payOwed() []string {
	return []string{"secrets", "retire", "--environment", "PROD", "--owed", "--sign-in", "application"}
}

// withoutSystemd skips where a run that owes something would have the host remind it.
func withoutSystemd(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/run/systemd/system"); err == nil && os.Geteuid() == 0 {
		t.Skip("the systemd of this host would be told to remove what is owed")
	}
}

// rotor is a host whose application makes its own client secrets, at an Entra ID of
// its own.
type rotor struct {
	*host

	old tree

	mu       sync.Mutex
	problems []string // seen while requests were served
	stop     func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

func (s *stage) newRotor(name string) *rotor {
	s.Helper()
	mine := *s
	mine.folder = filepath.Join(s.folder, name)
	if err := os.Mkdir(mine.folder, 0o755); err != nil {
		s.Fatal(err)
	}
	r := &rotor{}
	app := entratest.App{
		ClientID: entratest.ClientID, Name: "Test application",
		Roles: []string{"Application.ReadWrite.OwnedBy"}, Owners: []string{entratest.ClientID},
	}
	var err error
	mine.entra, err = entratest.New(entratest.Options{
		State: entratest.State{Apps: []entratest.App{app}}, CAFile: filepath.Join(mine.folder, "ca.pem"), Around: r.around,
	})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = mine.entra.Close() }) // nothing of it outlives the test's process
	r.host = mine.newHost("host")
	r.adopt()
	r.old = r.now()
	return r
}

// calm ends what a case had done to the requests.
func (r *rotor) calm() {
	r.mu.Lock()
	r.problems, r.stop = nil, nil
	r.mu.Unlock()
	r.entra.Set(entratest.Knobs{})
}

// reset is everything old, on the host and in the directory.
func (r *rotor) reset() error {
	r.calm()
	return errors.Join(r.old.write(r.tree), r.direct([]entratest.Password{
		{KeyID: otherKey, Name: "of another host", Value: secret.New(otherSecret)},
		{KeyID: oldKey, Name: "last year's", Value: secret.New(oldSecret)},
	}))
}

// direct makes the directory hold these client secrets and no others.
func (r *rotor) direct(want []entratest.Password) error {
	var err error
	for _, p := range r.passwords() {
		err = errors.Join(err, r.entra.RemovePassword(entratest.ClientID, p.KeyID))
	}
	for _, p := range want {
		_, addErr := r.entra.AddPassword(entratest.ClientID, p)
		err = errors.Join(err, addErr)
	}
	return err
}

// passwords are those that the application has now.
func (r *rotor) passwords() []entratest.Password { return r.entra.Apps()[0].Passwords }

// holder is the one of a value.
func (r *rotor) holder(value string) (entratest.Password, bool) {
	all := r.passwords()
	i := slices.IndexFunc(all, func(p entratest.Password) bool { return p.Value.Equal(secret.New(value)) })
	if i < 0 {
		return entratest.Password{}, false
	}
	return all[i], true
}

// configured are the files of the backend, and what stands for its processes.
func configured() []string {
	return []string{"app/appsettings.json", "app/proxy.yaml", "app/worker.env", "running-web", "running-worker"}
}

// secretsIn are the client secrets in a text.
func secretsIn(text []byte) []string {
	var all []string
	for _, found := range regexp.MustCompile(`[A-Za-z]{3}8Q~not-a-real-secret-[A-Za-z0-9._~-]{16}`).FindAll(text, -1) {
		all = append(all, string(found))
	}
	return all
}

// used are the client secrets that the backend's files hold and its processes read,
// by the file.
func (r *rotor) used() (map[string][]string, error) {
	all := map[string][]string{}
	for _, name := range configured() {
		text, err := os.ReadFile(filepath.Join(r.tree, name))
		if errors.Is(err, os.ErrNotExist) && process(name) {
			continue // it does not run
		}
		if err != nil {
			return nil, err
		}
		all[name] = secretsIn(text)
	}
	return all, nil
}

// around sees every request before the emulator does.
func (r *rotor) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/removePassword") {
			r.judgeRemoval(req)
		}
		r.mu.Lock()
		stop := r.stop
		r.mu.Unlock()
		if stop != nil {
			stop(w, req, next)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// judgeRemoval looks at the host at the moment when it asks to remove a client
// secret: nothing there may use it, and the old one goes only after another was
// accepted and every service was started with it.
func (r *rotor) judgeRemoval(req *http.Request) {
	body, err := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	var asked struct {
		KeyID string `json:"keyId"`
	}
	if err = errors.Join(err, json.Unmarshal(body, &asked)); err != nil {
		r.problem("a removal cannot be read: " + err.Error())
		return
	}
	if asked.KeyID == otherKey {
		r.problem("the client secret of another host was to be removed")
	}
	used, err := r.used()
	if err != nil {
		r.problem(err.Error())
	}
	for _, name := range configured() {
		values := used[name]
		if len(values) == 0 && asked.KeyID == oldKey {
			r.problem("the old client secret was to be removed while " + name + " had none")
		}
		for _, value := range values {
			p, known := r.holder(value)
			switch {
			case !known:
				r.problem("at a removal " + name + " held a client secret that is not there")
			case p.KeyID == asked.KeyID:
				r.problem("a client secret was to be removed that " + name + " held")
			case asked.KeyID == oldKey && !r.signedIn(p.KeyID):
				r.problem("the old client secret was to be removed before Entra ID had accepted that of " + name)
			}
		}
	}
}

// signedIn reports whether a token was given for a client secret.
func (r *rotor) signedIn(keyID string) bool {
	return slices.ContainsFunc(r.entra.Requests(), func(q entratest.Request) bool {
		return q.Endpoint == "token" && q.KeyID == keyID && q.Outcome == "token"
	})
}

// takeProblems are those that were seen since it was called before.
func (r *rotor) takeProblems() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.problems
	r.problems = nil
	return taken
}

func (r *rotor) problem(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, text)
}
