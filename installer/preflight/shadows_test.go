package preflight_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/site"
)

// wantProblem checks that there is exactly one problem, of these words.
func wantProblem(t *testing.T, f preflight.Findings, what, remedy string) {
	t.Helper()
	if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].What, what) || !strings.Contains(f.Problems[0].Remedy, remedy) {
		t.Errorf("got %+v, want one with %q and the remedy %q", f.Problems, what, remedy)
	}
}

func TestAVariableIsToldInTheWordsOfItsManager(t *testing.T) {
	for manager, want := range map[string][2]string{
		"systemd": {"the unit of web sets the environment variable azuread__CLIENTSECRET", "systemctl edit web"},
		"windows": {"the registry of the host or of web sets the environment variable azuread__CLIENTSECRET", `HKLM\SYSTEM\CurrentControlSet\Services\web (value Environment)`},
		"command": {"what starts web sets the environment variable azuread__CLIENTSECRET", "from what starts web"},
	} {
		in := input(t)
		in.Services[0].Manager = manager
		in.Services[0].State.Env = []string{"PATH", "azuread__CLIENTSECRET"}
		f := preflight.Shadows(in.Plan, in.Services)
		wantProblem(t, f, want[0], want[1])
		if manager != "systemd" && strings.Contains(f.Problems[0].Remedy, "systemctl") {
			t.Errorf("%s: got the remedy %q", manager, f.Problems[0].Remedy)
		}
	}
}

func TestOnlyVariablesThatNETReadsAfterTheFileOverrideIt(t *testing.T) {
	for name, overrides := range map[string]bool{
		"AzureAd__ClientSecret": true, "AzureAd:ClientSecret": true, "AZUREAD__clientsecret": true,
		// Of the host's configuration, which the file overrides.
		"DOTNET_AzureAd__ClientSecret": false, "ASPNETCORE_AzureAd__ClientSecret": false,
		"AzureAd_ClientSecret": false, "AzureAd__ClientSecret__0": false, "ClientSecret": false, "": false,
	} {
		in := input(t)
		in.Services[0].State.Env = []string{name}
		if got := len(preflight.Shadows(in.Plan, in.Services).Problems) == 1; got != overrides {
			t.Errorf("%q: got overrides %v, want %v", name, got, overrides)
		}
	}
}

func TestAConnectionStringIsOverriddenByAzuresVariables(t *testing.T) {
	in := input(t)
	file := &in.Plan.Files[0]
	file.Slots = []site.Slot{{Setting: key, Place: document.Slot{At: "/ConnectionStrings/Main~1Data"}}}
	in.Services[0].State.Env = []string{"SQLAZURECONNSTR_main/data"}
	wantProblem(t, preflight.Shadows(in.Plan, in.Services), "SQLAZURECONNSTR_main/data", "")
}

func TestWhatIsNotChangedMayBeOverridden(t *testing.T) {
	in := input(t)
	in.Plan.Files[0].Changes = []plan.Change{{Setting: "another"}}
	in.Services[0].State.Env = []string{"AzureAd__ClientSecret"}
	if f := preflight.Shadows(in.Plan, in.Services); len(f.Problems) != 0 {
		t.Errorf("got %+v, want none", f.Problems)
	}
}

func TestTheFileOfTheServicesOwnEnvironmentIsTheProblem(t *testing.T) {
	in := input(t)
	folder := filepath.Dir(in.Plan.Files[0].Path)
	for _, name := range []string{"Production", "Staging"} {
		write(t, filepath.Join(folder, "appsettings."+name+".json"), `{"AzureAd": {"ClientSecret": "other"}}`)
	}
	in.Services[0].State.Environments = []string{"staging"}
	f := preflight.Shadows(in.Plan, in.Services)
	wantProblem(t, f, "appsettings.Staging.json sets", "remove the key there")
	if len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "appsettings.Production.json") {
		t.Errorf("got %q, want Production as a warning", f.Warnings)
	}
}

const webConfig = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <location path="." inheritInChildApplications="false">
    <system.webServer>
      <!-- <environmentVariable name="Commented__Out" value="x" /> -->
      <aspNetCore processPath=".\backend.exe" hostingModel="inprocess">
        <environmentVariables>
          <environmentVariable name="ASPNETCORE_ENVIRONMENT" value="Staging" />
          <environmentVariable name="AzureAd__ClientSecret" value="TST8Q~not-a-real-secret" />
        </environmentVariables>
      </aspNetCore>
    </system.webServer>
  </location>
</configuration>
`

func TestAWebConfigSetsVariablesToo(t *testing.T) {
	for _, text := range []string{webConfig, "\ufeff" + webConfig, strings.ReplaceAll(webConfig, "\n", "\r\n")} {
		in := input(t)
		folder := filepath.Dir(in.Plan.Files[0].Path)
		write(t, filepath.Join(folder, "web.config"), text)
		f := preflight.Shadows(in.Plan, in.Services)
		wantProblem(t, f, "web.config sets the environment variable AzureAd__ClientSecret", "environmentVariable from "+folder)
		if strings.Contains(f.Err().Error(), "TST8Q") {
			t.Errorf("got %v, which tells a secret", f.Err())
		}
		write(t, filepath.Join(folder, "appsettings.Staging.json"), `{"AzureAd": {"ClientSecret": "other"}}`)
		if f := preflight.Shadows(in.Plan, in.Services); len(f.Problems) != 2 {
			t.Errorf("got %+v, want the file of its environment, too", f.Problems)
		}
	}
}

func TestAWebConfigThatCannotBeReadIsAWarning(t *testing.T) {
	for _, text := range []string{"<configuration><a TST8Q~not-a-real-secret", "<a></b>", "\xff\xfe<", strings.Repeat(" ", 2<<20)} {
		in := input(t)
		write(t, filepath.Join(filepath.Dir(in.Plan.Files[0].Path), "web.config"), text)
		f := preflight.Shadows(in.Plan, in.Services)
		if len(f.Problems) != 0 || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "web.config cannot be read") ||
			strings.Contains(f.Warnings[0], "TST8Q") {
			t.Errorf("%.20q: got %+v, want one warning", text, f)
		}
	}
	in := input(t)
	write(t, filepath.Join(filepath.Dir(in.Plan.Files[0].Path), "web.config"), "<configuration/>")
	if f := preflight.Shadows(in.Plan, in.Services); len(f.Problems)+len(f.Warnings) != 0 {
		t.Errorf("got %+v, want nothing", f)
	}
}
