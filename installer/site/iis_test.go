package site_test

import (
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// What the tests of IIS run is what an administrator starts from.
func TestTheProfileForIISIsWhatTheTestsOfIISRun(t *testing.T) {
	in, err := release.ParseInstallation(configs.IIS(), settings.Known)
	if err != nil {
		t.Fatal(err)
	}
	services, err := site.Services(in)
	if err != nil || len(services) != 1 {
		t.Fatalf("got %+v and %v, want one service", services, err)
	}
	got := services[0].Command
	want := new(svctest.IIS).Command(services[0].Name)
	for name, pair := range map[string][2][]string{
		"start": {got.Start, want.Start}, "stop": {got.Stop, want.Stop}, "status": {got.Status, want.Status},
		"restart": {got.Restart, want.Restart}, "process": {got.Process, want.Process},
	} {
		if pair[0][0] != `C:\Windows\System32\inetsrv\appcmd.exe` || !slices.Equal(pair[0][1:], pair[1][1:]) {
			t.Errorf("%s: got %q, want appcmd with %q", name, pair[0], pair[1][1:])
		}
	}
	if within := services[0].Within; within < 180*time.Second {
		t.Errorf("got %s, want time for 90 s of IIS's own and a first start of .NET", within)
	}
}
