package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// offering is a person at configure for a backend that the vendor runs.
type offering struct {
	*seat
	entra  *entratest.Server
	server *onetimetest.Server
	value  string // of the new secret
}

func newOffering(t *testing.T, product onetimetest.Product) *offering {
	t.Helper()
	entra, spare, fresh := twoSecrets(t)
	server := onetimetest.Start(product, false)
	t.Cleanup(server.Close)
	return &offering{newSeat(t, entra, spare.Value.Reveal()), entra, server, fresh}
}

// configure runs it to its end, which shows last.
func (o *offering) configure(t *testing.T, answers []said, last string, args ...string) int {
	t.Helper()
	ended := make(chan int, 1)
	go func() { ended <- o.run(append([]string{"configure", "--set", "hosting=empower-cloud"}, args...)...) }()
	for _, a := range answers {
		if !o.Await(20*time.Second, a.question, "> ") {
			t.Fatalf("%q was not asked; the screen:\n%s", a.question, o.Screen())
		}
		if err := o.Press(a.keys + "\r"); err != nil {
			t.Fatal(err)
		}
	}
	status := -1
	select {
	case status = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not end; the screen:\n%s", o.Screen())
	}
	if !o.Await(20*time.Second, last, "\n") { // what is written last comes a moment later
		t.Errorf("%q does not show; the screen:\n%s", last, o.Screen())
	}
	if strings.Contains(o.Screen(), o.value) {
		t.Error("the screen shows the secret")
	}
	return status
}

// asksForTheSecret are the questions before the offer.
func (o *offering) asksForTheSecret() []said {
	return []said{
		{"not shown while you type", o.value},
		{"Last day of the client secret", "2031-12-31"},
		{"Secret ID of the client secret", "6f1b2c3d-0000-4000-8000-00000000abcd"},
	}
}

func (o *offering) wantScreen(t *testing.T, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(o.Screen(), want) {
			t.Errorf("%q is not on the screen:\n%s", want, o.Screen())
		}
	}
}

const told = "the vendor runs this backend: nothing on this host was changed"

func TestTheWizardLeadsToAOneTimeLinkWhereTheVendorRunsTheBackend(t *testing.T) {
	o := newOffering(t, onetimetest.OnetimeSecret)
	status := o.configure(t, append(o.asksForTheSecret(),
		said{"Make a one-time link for support now?", "y"},
		said{"Server for one-time links", ""},
		said{"a server is needed", o.server.URL() + "/secret/0123456789abcdef"},
		said{"that is a one-time link", o.server.URL()},
		said{"How long the link lives", "1m"},
		said{"between 5m and 336h", ""},
		said{"Passphrase that protects the link", "open-sesame"},
		said{"Send it there?", "y"},
	), told)
	links := o.server.Links()
	if status != 0 || len(links) != 1 {
		t.Fatalf("exit status %d, %d links; the screen:\n%s", status, len(links), o.Screen())
	}
	o.wantScreen(t, links[0], "2031-12-31", "6f1b2c3d-0000-4000-8000-00000000abcd", "can read the secret while it arrives", "unchanged: environment PROD")
	for _, gone := range []string{"open-sesame", "handoff create --server"} {
		if strings.Contains(o.Screen(), gone) {
			t.Errorf("%q is on the screen:\n%s", gone, o.Screen())
		}
	}
	if n := o.entra.TokenRequests(entratest.ClientID); n != 1 {
		t.Errorf("Entra ID was asked %d times, want 1: it was proven before", n)
	}
	link, err := onetime.ParseLink(secret.New(links[0]))
	if err != nil {
		t.Fatal(err)
	}
	driver, err := onetime.Find(t.Context(), onetime.Options{Root: link.Root})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := driver.Take(t.Context(), link, secret.New("open-sesame")); err != nil || got.Reveal() != o.value {
		t.Errorf("the link gives another value, or %v", err)
	}
}

func TestWithoutAWordNothingLeavesTheHost(t *testing.T) {
	o := newOffering(t, onetimetest.SnapPass)
	if status := o.configure(t, append(o.asksForTheSecret(), said{"Make a one-time link for support now?", ""}), "until support confirms"); status != 0 || len(o.server.Links()) != 0 {
		t.Errorf("exit status %d, %d links; the screen:\n%s", status, len(o.server.Links()), o.Screen())
	}
	o.wantScreen(t, told, "installer handoff create --server URL")

	o = newOffering(t, onetimetest.SnapPass) // which knows no passphrase
	status := o.configure(t, append(o.asksForTheSecret(),
		said{"Make a one-time link for support now?", "y"}, said{"Server for one-time links", o.server.URL()},
		said{"How long the link lives", "2h"}, said{"Send it there?", "n"},
	), "code cancelled")
	if status != 130 || len(o.server.Links()) != 0 || strings.Contains(o.Screen(), "Passphrase") {
		t.Errorf("exit status %d, %d links; the screen:\n%s", status, len(o.server.Links()), o.Screen())
	}
	o.wantScreen(t, "cancelled; nothing was sent")
}

func TestADryRunAndAnUnprovenSecretOfferNoLink(t *testing.T) {
	for _, flag := range []string{"--dry-run", "--skip-validation"} {
		o := newOffering(t, onetimetest.SnapPass)
		if status := o.configure(t, o.asksForTheSecret(), "until support confirms", flag); status != 0 {
			t.Errorf("%s: exit status %d; the screen:\n%s", flag, status, o.Screen())
		}
		if strings.Contains(o.Screen(), "Make a one-time link") {
			t.Errorf("%s: the screen:\n%s", flag, o.Screen())
		}
	}
}

func TestASecretThatIsRefusedIsNotOffered(t *testing.T) {
	o := newOffering(t, onetimetest.SnapPass)
	o.entra.Set(entratest.Knobs{Answer: entratest.AADSTS(7000215)})
	status := o.configure(t, o.asksForTheSecret(), "code secret-rejected", "--validation-window", "0s")
	if status != 10 || strings.Contains(o.Screen(), "Make a one-time link") {
		t.Errorf("exit status %d; the screen:\n%s", status, o.Screen())
	}
}

func TestTheOfferNeedsNoInstallation(t *testing.T) {
	o := newOffering(t, onetimetest.SnapPass)
	o.folder = filepath.Join(o.folder, "elsewhere")
	status := o.configure(t, append([]said{{"Tenant", entratest.TenantID}, {"Application (client) ID", entratest.ClientID}}, append(o.asksForTheSecret(),
		said{"Make a one-time link for support now?", "y"}, said{"Server for one-time links", o.server.URL()},
		said{"How long the link lives", ""}, said{"Send it there?", "y"})...), told,
		"--set", "identity.entra.authority="+o.entra.URL(), "--set", "identity.entra.caBundle="+o.entra.CAFile(), "--set", "identity.entra.confirmations=1")
	if status != 0 || len(o.server.Links()) != 1 {
		t.Errorf("exit status %d, %d links; the screen:\n%s", status, len(o.server.Links()), o.Screen())
	}
}
