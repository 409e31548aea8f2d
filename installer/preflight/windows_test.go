package preflight_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// server is a Windows on which everything is as it should be.
func server() host.Windows {
	return host.Windows{
		Product: "Windows Server 2022 Standard", Build: 20348, NETFramework: 528449, ASPNETCore: []string{"6.0.36", "8.0.11"},
	}
}

// firstOn checks a first installation of program files on a host.
func firstOn(t *testing.T, w host.Windows, files map[string]string) preflight.Findings {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(folder, name), text)
	}
	return preflight.CheckFirst(t.Context(), preflight.First{
		Program: folder, Prober: prober(false), FreeBytes: func(string) (uint64, error) { return 1 << 40, nil },
		Facts: host.Facts{Windows: &w},
	})
}

// runtimeConfig is what dotnet publish writes beside a program.
func runtimeConfig(version string) map[string]string {
	return map[string]string{"backend.runtimeconfig.json": `{"runtimeOptions": {"tfm": "net8.0", "frameworks": [
		{"name": "Microsoft.NETCore.App", "version": "` + version + `"}, {"name": "Microsoft.AspNetCore.App", "version": "` + version + `"}]}}`}
}

func TestAServerThatHasEverythingIsReady(t *testing.T) {
	f := firstOn(t, server(), runtimeConfig("8.0.0"))
	if len(f.Problems)+len(f.Warnings) != 0 {
		t.Errorf("got %+v, want nothing", f)
	}
}

func TestAnOldWindowsIsAProblem(t *testing.T) {
	for build, old := range map[uint32]bool{9600: true, 14392: true, 14393: false, 26100: false} {
		w := server()
		w.Build = build
		f := firstOn(t, w, nil)
		if (len(f.Problems) == 1) != old {
			t.Errorf("build %d: got %+v, want a problem %v", build, f.Problems, old)
		}
		in := input(t)
		in.Facts = host.Facts{Windows: &w}
		if f := preflight.Check(in); (len(f.Problems) == 1) != old {
			t.Errorf("build %d: got %+v of what stands, want a problem %v", build, f.Problems, old)
		}
	}
}

func TestTheNETFrameworkIsAProblemWhereTheProgramIsMadeForNET(t *testing.T) {
	for name, c := range map[string]struct {
		release uint32
		files   map[string]string
		problem bool
	}{
		"new":                     {394802, runtimeConfig("8.0.0"), false},
		"old, for .NET":           {394254, runtimeConfig("8.0.0"), true},
		"none, for .NET":          {0, runtimeConfig("8.0.0"), true},
		"none, for the Framework": {0, map[string]string{"backend.exe.config": "<configuration/>"}, true},
		"none, for neither":       {0, map[string]string{"backend.exe": "MZ"}, false},
	} {
		w := server()
		w.NETFramework = c.release
		f := firstOn(t, w, c.files)
		if (len(f.Problems) == 1) != c.problem || len(f.Warnings) != 0 {
			t.Errorf("%s: got %+v, want a problem %v", name, f, c.problem)
		}
	}
}

func TestTheNETFrameworkIsAWarningWhereABackendStands(t *testing.T) {
	w := server()
	w.NETFramework = 394254
	in := input(t)
	in.Facts = host.Facts{Windows: &w}
	f := preflight.Check(in)
	if len(f.Problems) != 0 || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "an older one is installed (Release 394254)") {
		t.Errorf("got %+v, want a warning", f)
	}
	in.Plan.Files[0].Path = filepath.Join(filepath.Dir(in.Plan.Files[0].Path), "proxy.json")
	if f := preflight.Check(in); len(f.Warnings) != 0 {
		t.Errorf("got %q of a backend that is not .NET, want nothing", f.Warnings)
	}
}

func TestTheHostingBundleIsWantedAsTheProgramSays(t *testing.T) {
	for name, c := range map[string]struct {
		files   map[string]string
		missing bool
	}{
		"the same":         {runtimeConfig("8.0.11"), false},
		"an older patch":   {runtimeConfig("8.0.0"), false},
		"a newer patch":    {runtimeConfig("8.0.12"), true},
		"another major":    {runtimeConfig("9.0.0"), true},
		"one framework":    {map[string]string{"b.runtimeconfig.json": `{"runtimeOptions": {"framework": {"name": "Microsoft.AspNetCore.App", "version": "9.0.0"}}}`}, true},
		"no ASP.NET":       {map[string]string{"b.runtimeconfig.json": `{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "9.0.0"}}}`}, false},
		"brings its own":   {map[string]string{"b.runtimeconfig.json": `{"runtimeOptions": {"includedFrameworks": [{"name": "Microsoft.AspNetCore.App", "version": "9.0.0"}]}}`}, false},
		"not for .NET":     {map[string]string{"b.exe": "MZ"}, false},
		"cannot be parsed": {map[string]string{"b.runtimeconfig.json": `{"runtimeOptions": `}, false},
	} {
		f := firstOn(t, server(), c.files)
		if (len(f.Problems) == 1) != c.missing {
			t.Errorf("%s: got %+v, want missing %v", name, f.Problems, c.missing)
		}
	}
	w := server()
	w.ASPNETCore = nil
	f := firstOn(t, w, runtimeConfig("8.0.0"))
	wantProblem(t, f, "want Microsoft.AspNetCore.App 8.0.0, and here is none", "Hosting Bundle")
}

func TestARestartThatIsPendingIsAWarning(t *testing.T) {
	w := server()
	w.Restart = []string{"Windows Update has installed something"}
	f := firstOn(t, w, nil)
	if len(f.Problems) != 0 || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "Windows Update has installed something") {
		t.Errorf("got %+v, want a warning with the reason", f)
	}
}

func TestOtherSystemsAreNotJudged(t *testing.T) {
	in := input(t)
	in.Facts = host.Facts{Proxy: "http://proxy:3128"}
	if f := preflight.Check(in); len(f.Problems)+len(f.Warnings) != 0 {
		t.Errorf("got %+v, want nothing", f)
	}
}

func TestAnotherWayToEntraIDIsAWarning(t *testing.T) {
	proxy := func(server string) *host.Proxy { return &host.Proxy{Server: server} }
	for name, c := range map[string]struct {
		environment string
		named       preflight.Proxies
		account     *host.Proxy
		winHTTP     string
		variables   []string
		want        []string // of the one warning
	}{
		"neither":                   {account: proxy("")},
		"the same":                  {environment: "http://u:word@Proxy:3128/", account: proxy("https=proxy:3128")},
		"not known":                 {environment: "http://proxy:3128"},
		"theirs only":               {account: proxy("inet:8080"), want: []string{"Entra ID without a proxy", "through the proxy inet:8080", `NT AUTHORITY\NetworkService`}},
		"ours only":                 {environment: "http://u:word@proxy:3128", account: proxy(""), want: []string{"through the proxy proxy:3128", "asks it without a proxy"}},
		"different":                 {environment: "http://proxy:3128", account: proxy("inet:8080"), want: []string{"proxy:3128", "inet:8080"}},
		"a script":                  {account: &host.Proxy{Script: "http://wpad/p.pac"}, want: []string{"http://wpad/p.pac"}},
		"named to the installer":    {named: preflight.Proxies{Ours: "http://own:1"}, account: proxy("inet:8080"), want: []string{"own:1", "inet:8080"}},
		"named to both":             {named: preflight.Proxies{Ours: "http://own:1", Theirs: "http://own:1"}, account: proxy("inet:8080"), winHTTP: "w:1"},
		"WinHTTP, as ours":          {environment: "http://proxy:3128", account: proxy(""), winHTTP: "proxy:3128"},
		"WinHTTP only":              {account: proxy(""), winHTTP: "w:1", want: []string{"without a proxy", "WinHTTP has the proxy w:1"}},
		"a variable of the service": {account: proxy("inet:8080"), variables: []string{"https_proxy"}},
	} {
		w := server()
		w.WinHTTP.Server = c.winHTTP
		in := input(t)
		s := &in.Services[0]
		s.Manager, s.State.Account, s.State.Env = "windows", `NT AUTHORITY\NetworkService`, c.variables
		if c.account != nil {
			w.Internet = map[string]host.Proxy{s.State.Account: *c.account}
		}
		in.Facts, in.Proxies = host.Facts{Windows: &w, Proxy: c.environment}, c.named
		f := preflight.Check(in)
		if len(f.Problems) != 0 || len(f.Warnings) != min(len(c.want), 1) {
			t.Errorf("%s: got %+v, want %d warning", name, f, min(len(c.want), 1))
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(f.Warnings[0], want) || strings.Contains(f.Warnings[0], "word") {
				t.Errorf("%s: got %q, want %q and no password", name, f.Warnings[0], want)
			}
		}
	}
}

func TestTheProxyOfTheSettingsIsTheInstallersOwnFirst(t *testing.T) {
	given := map[string]string{settings.NetworkProxy: "http://both:1"}
	get := func(key string) (string, bool) { text, ok := given[key]; return text, ok }
	if got, want := preflight.ProxiesOf(get), (preflight.Proxies{Ours: "http://both:1", Theirs: "http://both:1"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	given[settings.EntraProxy] = "http://own:1"
	if got := preflight.ProxiesOf(get).Ours; got != "http://own:1" {
		t.Errorf("got %q, want http://own:1", got)
	}
}

// asked notes of which accounts facts were asked for.
type asked struct {
	host.OS

	accounts *[]string
}

func (a asked) Facts(accounts []string) host.Facts {
	*a.accounts = accounts
	return host.Facts{}
}

func TestFactsAreAskedOfTheAccountsOfServicesOfWindowsOnly(t *testing.T) {
	var got []string
	preflight.Facts(asked{accounts: &got}, []rollout.Found{
		{Service: rollout.Service{Name: "unit", Manager: "systemd"}, State: svc.State{Account: "root"}},
		{Service: rollout.Service{Name: "web", Manager: "windows"}, State: svc.State{Account: "LocalSystem"}},
		{Service: rollout.Service{Name: "job", Manager: "windows"}, State: svc.State{Account: "LocalSystem"}},
		{Service: rollout.Service{Name: "new", Manager: "windows"}},
	})
	if want := []string{"LocalSystem"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
