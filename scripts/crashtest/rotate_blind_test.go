//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// A judge that sees nothing would pass everything.
func TestTheJudgeOfARotationSeesWhatIsLost(t *testing.T) {
	withoutSystemd(t)
	r := newStage(t).newRotor("rotor")
	made := func() error {
		_, err := r.entra.AddPassword(entratest.ClientID, entratest.Password{Name: ownName + "a host RUN"})
		return err
	}
	write := func(name, text string) error { return os.WriteFile(filepath.Join(r.tree, name), []byte(text), 0o600) }
	for want, spoil := range map[string]func() error{
		"app/worker.env holds a client secret that Entra ID does not accept": func() error { return r.entra.RemovePassword(entratest.ClientID, oldKey) },
		"is not in use, and the next run does not know of it":                made,
		"app/proxy.yaml holds no client secret":                              func() error { return write("app/proxy.yaml", "") },
		"in the end running-web holds no client secret":                      func() error { return os.Remove(filepath.Join(r.tree, "running-web")) },
		"in the end app/worker.env holds another client secret":              func() error { return nil },
		"in the end the client secret of another host is gone":               func() error { return r.entra.RemovePassword(entratest.ClientID, otherKey) },
		"in the end state/PROD/handed/RUN.secret holds a client secret": func() error {
			return errors.Join(os.Mkdir(filepath.Join(r.tree, "state/PROD/handed"), 0o700), write("state/PROD/handed/RUN.secret", oldSecret))
		},
		"in the end state/PROD/credentials.json is left": func() error { return write("state/PROD/credentials.json", "{}") },
		"was to be removed before Entra ID had accepted": func() error {
			err := errors.Join(made(), r.entra.RemovePassword(entratest.ClientID, oldKey))
			held := []byte(r.passwords()[1].Value.Reveal())
			for _, name := range configured() {
				text, readErr := os.ReadFile(filepath.Join(r.tree, name))
				err = errors.Join(err, readErr, write(name, string(bytes.ReplaceAll(text, []byte(oldSecret), held))))
			}
			return errors.Join(err, r.askToRemove(oldKey))
		},
		"a client secret was to be removed that app/worker.env held": func() error { return r.askToRemove(oldKey) },
		"the client secret of another host was to be removed":        func() error { return r.askToRemove(otherKey) },
	} {
		if err := errors.Join(r.reset(), spoil()); err != nil {
			t.Fatal(err)
		}
		var v verdict
		r.judgeCut(&v)
		r.judgeSettled(&v)
		if got := strings.Join(v.problems, "\n"); !strings.Contains(got, want) {
			t.Errorf("got %s\nwant %q", got, want)
		}
	}
}

// askToRemove has the judge see a request.
func (r *rotor) askToRemove(keyID string) error {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.entra.URL(), strings.NewReader(`{"keyId":"`+keyID+`"}`))
	if err == nil {
		r.judgeRemoval(request)
	}
	return err
}

func TestTheExitStatusOfARotationIsJudged(t *testing.T) {
	withoutSystemd(t)
	r := newStage(t).newRotor("rotor")
	if err := r.reset(); err != nil {
		t.Fatal(err)
	}
	for exit, right := range map[int]bool{0: false, 7: true, 10: true, 20: true, 21: true, 1: false} {
		var v, still verdict
		r.judgeTold(&v, outcome{Outcome: tracer.Outcome{Exit: exit}}, false)
		r.judgeTold(&still, outcome{Outcome: tracer.Outcome{Exit: exit}}, true)
		if (len(v.problems) == 0) != right || len(still.problems) == 0 {
			t.Errorf("exit status %d: got %q, and %q where it must not matter", exit, v.problems, still.problems)
		}
	}
}
