package detect_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/release"
)

const (
	windowsProgram = `C:\Program Files\empower\backend`
	windowsData    = `C:\ProgramData\empower\backend\`
)

// host has two environments that share a program folder.
func host(windows bool, services ...detect.Running) detect.Environment {
	e := detect.Environment{
		Name: "PROD", Folder: "/etc/empower/backend/PROD", Programs: []string{program}, Services: services,
		Siblings: []detect.Sibling{{"TEST", "/etc/empower/backend/TEST"}},
	}
	if windows {
		e.Windows, e.Folder, e.Programs = true, windowsData+"PROD", []string{windowsProgram}
		e.Siblings = []detect.Sibling{{"TEST", windowsData + "TEST"}}
	}
	return e
}

func running(name string, argv ...string) detect.Running {
	return detect.Running{Name: name, Manager: "systemd", Exec: [][]string{argv}}
}

func TestServicesAreFoundByWhereTheirProgramsAre(t *testing.T) {
	const exe = `c:\program files\Empower\BACKEND\root\Backend.exe`
	for name, c := range map[string]struct {
		windows bool
		service detect.Running
		want    string // "" is none, ? is to be decided
	}{
		"its configuration is named":           {service: running("backend", program+"/root/backend", "--config="+"/etc/empower/backend/PROD/appsettings.json"), want: "backend"},
		"that of another one is":               {service: running("backend-PROD", program+"/root/backend", "--config", "/etc/empower/backend/TEST/appsettings.json")},
		"its name is in that of the service":   {service: running("empower-backend-prod.service", program+"/root/backend"), want: "empower-backend-prod.service"},
		"that of another one is there":         {service: running("empower-backend-test.service", program+"/root/backend")},
		"an argument names it":                 {service: running("backend", program+"/root/backend", "--env", "PROD"), want: "backend"},
		"a folder of its own below":            {service: running("backend", program+"/PROD/current/backend"), want: "backend"},
		"nothing names one":                    {service: running("backend", program+"/root/backend"), want: "?"},
		"both are named":                       {service: running("backend", program+"/root/backend", "PROD", "TEST"), want: "?"},
		"a name is part of a word":             {service: running("producer", program+"/root/backend"), want: "?"},
		"another folder that begins so":        {service: running("backend-PROD", "/opt/empower/backend-tools/x")},
		"a path that leads out of the folder":  {service: running("backend-PROD", program+"/../x")},
		"another program":                      {service: running("sshd", "/usr/sbin/sshd")},
		"a program that runs it":               {service: running("backend-PROD", "/usr/bin/dotnet", program+"/root/Backend.dll"), want: "backend-PROD"},
		"upper and lower case differ on Linux": {service: running("backend-PROD", "/opt/EMPOWER/backend/x")},
		"upper and lower case on Windows":      {windows: true, service: running("EmpowerPROD", exe, "--env", "prod"), want: "EmpowerPROD"},
		"slashes on Windows":                   {windows: true, service: running("b", `C:\dotnet.exe`, "C:/Program Files/empower/backend/root/B.dll", `--data=`+windowsData+`PROD\root`), want: "b"},
	} {
		t.Run(name, func(t *testing.T) {
			p := detect.Propose(host(c.windows, c.service))
			got := ""
			for _, s := range p.Services {
				got = s.Name
			}
			for _, d := range p.Decisions {
				if strings.HasPrefix(d.What, "whether the service "+c.service.Name) {
					got = "?"
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q: %v", got, c.want, p.Decisions)
			}
		})
	}
}

func TestWhyNoServiceWasFoundIsTold(t *testing.T) {
	e := host(false)
	e.NoServices = "no service manager runs here"
	iis := host(false)
	iis.Sources = []detect.Source{{Path: windowsData + `PROD\root\web.config`, Format: "xml", Data: []byte(`<configuration><system.webServer><aspNetCore processPath=".\B.exe"/></system.webServer></configuration>`)}}
	for want, e := range map[string]detect.Environment{
		"the services of this host are not known (no service manager runs here)": e,
		"so IIS runs the backend":                                  iis,
		"no service of this host has its program in these folders": host(false, running("sshd", "/usr/sbin/sshd")),
	} {
		if got := strings.Join(decided(detect.Propose(e)), "\n"); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Windows allows names with blanks, and its descriptions do.
func TestAServiceThatNoDescriptionCanNameIsToBeDecided(t *testing.T) {
	windows := running("Empower Backend PROD", program+"/b")
	windows.Manager = release.Windows
	if p := detect.Propose(host(false, windows)); len(p.Services) != 1 {
		t.Errorf("got %+v", p.Part)
	}
	p := detect.Propose(host(false, running("Empower Backend PROD", program+"/b")))
	if len(p.Services) != 0 || !strings.Contains(strings.Join(decided(p), "\n"), `how the service "Empower Backend PROD" is restarted`) {
		t.Errorf("got %+v", p.Part)
	}
}

func TestAnOrderIsKeptAmongTheServicesThatWereFound(t *testing.T) {
	e := host(false, running("b-PROD", program+"/b"), running("a-PROD", program+"/a"))
	e.Services[0].After = []string{"a-PROD", "network.service"}
	for _, s := range detect.Propose(e).Installation().Services {
		if got := strings.Join(s.After, " "); got != map[string]string{"b-PROD": "a-PROD", "a-PROD": ""}[s.Name] {
			t.Errorf("%s: after %q", s.Name, got)
		}
	}
}

func TestTheAddressToProbeIsWhereTheBackendListens(t *testing.T) {
	for name, c := range map[string]struct {
		config, unit string
		args         []string
		want         release.Health
		undecided    bool
	}{
		"Kestrel's endpoint":              {config: `{"Kestrel": {"Endpoints": {"Http": {"Url": "http://*:5080"}}}}`, want: release.Health{TCP: "127.0.0.1:5080"}},
		"http beside https":               {config: `{"kestrel:endpoints:a:url": "https://+:5443", "Kestrel": {"Endpoints": {"B": {"Url": "http://localhost:5080"}}}}`, want: release.Health{TCP: "localhost:5080"}},
		"https alone, without a port":     {config: `{"Urls": "https://backend.contoso.com"}`, want: release.Health{TCP: "backend.contoso.com:443"}},
		"several of one key":              {config: `{"Urls": "http://127.0.0.1:1;http://127.0.0.1:2"}`, undecided: true},
		"the same twice":                  {config: `{"Urls": "http://127.0.0.1:1", "Kestrel": {"Endpoints": {"A": {"Url": "http://0.0.0.0:1"}}}}`, want: release.Health{TCP: "127.0.0.1:1"}},
		"any address of IPv6":             {config: `{"Urls": "http://[::]:81"}`, want: release.Health{TCP: "[::1]:81"}},
		"a command line":                  {args: []string{"--urls", "http://*:5081"}, want: release.Health{TCP: "127.0.0.1:5081"}},
		"a command line, in one word":     {args: []string{"--urls=http://*:5081"}, want: release.Health{TCP: "127.0.0.1:5081"}},
		"a variable of the unit":          {unit: "[Service]\nEnvironment=ASPNETCORE_URLS=http://*:5082\n", want: release.Health{TCP: "127.0.0.1:5082"}},
		"ports alone":                     {unit: "[Service]\nEnvironment=ASPNETCORE_HTTP_PORTS=5083\n", want: release.Health{TCP: "127.0.0.1:5083"}},
		"a page that tells":               {config: `{"Urls": "http://*:5080", "HealthChecks": {"Path": "/health/ready"}}`, want: release.Health{HTTP: "http://127.0.0.1:5080/health/ready"}},
		"an address of something else":    {config: `{"Api": {"Url": "http://other:80"}, "Services": {"Urls": "http://other:81"}}`},
		"none that is one":                {config: `{"Urls": "http://*:0;ftp://x;http://a b:1;http://u:p@x:1;5080"}`},
		"a name that is none of a host's": {config: `{"Urls": "http://${HOST}:5080"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := shape{files: map[string]string{}}
			if c.config != "" {
				s.files["appsettings.json"] = c.config
			}
			if c.unit != "" {
				s.files["/etc/systemd/system/empower.service"] = c.unit
			}
			e := environment(s)
			e.Services[0].Exec[0] = append(e.Services[0].Exec[0], c.args...)
			p := detect.Propose(e)
			var got release.Health
			if h := p.Services[0].Health; h != nil {
				got = *h
			}
			if got.HTTP != c.want.HTTP || got.TCP != c.want.TCP {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if undecided := strings.Contains(strings.Join(decided(p), "\n"), "which service answers"); undecided != c.undecided {
				t.Errorf("undecided is %v", undecided)
			}
		})
	}
}
