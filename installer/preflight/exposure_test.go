package preflight_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// watched answers for files and accounts of Windows.
type watched map[string]access.Guard

func (w watched) Guard(path string) (access.Guard, error) {
	if guard, ok := w[path]; ok {
		return guard, nil
	}
	return "", errors.New("not told")
}

func (watched) SetGuard(string, access.Guard) error { return errors.New("nothing is set by a check") }

func (watched) Lookup(_ context.Context, name string) (host.User, error) {
	account, err := access.ParseAccount(name)
	return host.User{Name: name, SID: account.SID}, err
}

func (watched) AddUser(context.Context, string) (host.User, bool, error) {
	return host.User{}, false, errors.New("nobody is made by a check")
}

func (watched) RemoveUser(context.Context, string) error {
	return errors.New("nobody is removed by a check")
}

const inherited = access.Guard("D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)")

func TestFilesWithASecretThatManyCanReadAreTold(t *testing.T) {
	in := input(t)
	file := in.Plan.Files[0].File
	other := file
	other.Path, other.Content.Real, other.Slots = "other", "other", []site.Slot{{Setting: "logging.level"}}
	in.Services[0].State.Account = `NT SERVICE\web`
	idle := rollout.Found{Service: rollout.Service{Name: "idle"}, State: svc.State{Account: "LocalService"}} // reads nothing of it
	exposed, err := preflight.Exposures(t.Context(), []site.File{file, other}, append(in.Services, idle),
		watched{file.Content.Real: inherited, "other": inherited})
	if err != nil || len(exposed) != 1 {
		t.Fatalf("got %+v, %v", exposed, err)
	}
	want := "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + access.ServiceSID("web") + ")"
	if e := exposed[0]; string(e.To) != want || e.From != inherited {
		t.Errorf("got %+v, want %q", e, want)
	}
	if said := preflight.Exposed(exposed[0]); !strings.Contains(said, "Users can read it: installer configure --harden") {
		t.Errorf("got %q", said)
	}
}

func TestAFileWhoseGuardIsNotKnownIsAnErrorBesideTheOthers(t *testing.T) {
	file := input(t).Plan.Files[0].File
	dark, odd := file, file
	dark.Content.Real, odd.Content.Real = "dark", "odd"
	exposed, err := preflight.Exposures(t.Context(), []site.File{dark, odd, file}, nil,
		watched{file.Content.Real: "0644", "odd": "D:(A;;FA"})
	if len(exposed) != 1 || exposed[0].To != "0640" {
		t.Errorf("got %+v", exposed)
	}
	if err == nil || !errors.Is(err, access.ErrList) || !strings.Contains(err.Error(), "not told") {
		t.Errorf("got %v, want both files in it", err)
	}
}
