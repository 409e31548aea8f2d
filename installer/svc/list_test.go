package svc_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// commandLines are what services are registered with, and their parts; files are
// those that are there.
func commandLines() []struct {
	line  string
	files []string
	want  []string
} {
	return []struct {
		line  string
		files []string
		want  []string
	}{
		{`"C:\Program Files\empower\backend\root\Backend.exe" --env PROD`, nil, []string{`C:\Program Files\empower\backend\root\Backend.exe`, "--env", "PROD"}},
		{`C:\Program Files\empower\backend\root\Backend.exe --env PROD`, nil, []string{`C:\Program Files\empower\backend\root\Backend.exe`, "--env", "PROD"}},
		{`C:\Program Files\My App\run now.exe x`, []string{`C:\Program Files\My App\run now.exe`}, []string{`C:\Program Files\My App\run now.exe`, "x"}},
		{`C:\Program Files\My App\run now x`, []string{`C:\Program Files\My App\run now.exe`}, []string{`C:\Program Files\My App\run now.exe`, "x"}},
		{`C:\Program Files\App\a.exe`, []string{`C:\Program.exe`}, []string{`C:\Program.exe`, `Files\App\a.exe`}},
		{`C:\Windows\system32\svchost.exe -k netsvcs -p`, nil, []string{`C:\Windows\system32\svchost.exe`, "-k", "netsvcs", "-p"}},
		{`C:\tools\run.cmd  a`, nil, []string{`C:\tools\run.cmd`, "a"}},
		{`"C:\dotnet\dotnet.exe" "C:\Program Files\empower\backend\root\Backend.dll" --urls "http://*:5080"`, nil, []string{`C:\dotnet\dotnet.exe`, `C:\Program Files\empower\backend\root\Backend.dll`, "--urls", "http://*:5080"}},
		{`a.exe "C:\My Folder\\" next`, nil, []string{"a.exe", `C:\My Folder\`, "next"}},
		{`a.exe \\server\share "\\server\a b"`, nil, []string{"a.exe", `\\server\share`, `\\server\a b`}},
		{`a.exe a\"b "c\\\"d" ""`, nil, []string{"a.exe", `a"b`, `c\"d`, ""}},
		{`a.exe "a""b c`, nil, []string{"a.exe", `a"b`, "c"}},
		{`a.exe x"y z"w`, nil, []string{"a.exe", "xy zw"}},
		{`"C:\not closed\a.exe`, nil, []string{`C:\not closed\a.exe`}},
		{"  a.exe\tb  ", nil, []string{"a.exe", "b"}},
		{"", nil, nil},
		{"   ", nil, nil},
	}
}

func TestACommandLineOfWindowsIsTakenApart(t *testing.T) {
	for _, c := range commandLines() {
		got := svc.SplitCommandLine(c.line, func(path string) bool { return slices.Contains(c.files, path) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.line, got, c.want)
		}
	}
}

func FuzzCommandLine(f *testing.F) {
	for _, c := range commandLines() {
		f.Add(c.line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		argv := svc.SplitCommandLine(line, func(string) bool { return false })
		if (len(argv) == 0) != (strings.Trim(line, " \t") == "") {
			t.Errorf("%q: %q", line, argv)
		}
	})
}

func TestVariablesInACommandLineAreReplaced(t *testing.T) {
	known := map[string]string{"SystemRoot": `C:\Windows`}
	for line, want := range map[string]string{
		`%SystemRoot%\system32\a.exe`: `C:\Windows\system32\a.exe`, `%Unknown%\a.exe`: `%Unknown%\a.exe`,
		`a.exe 100% %SystemRoot%`: `a.exe 100% C:\Windows`, "%%": "%%", "%": "%", "": "",
	} {
		if got := svc.Expand(line, func(name string) string { return known[name] }); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

func TestAUnitIsListedWithItsPrograms(t *testing.T) {
	start := func(path string, argv ...string) []any {
		return []any{path, argv, false, uint64(0), uint64(0), uint64(0), uint64(0), uint32(0), int32(0), int32(0)}
	}
	got := svc.ListedOf(map[string]any{
		"ExecStart": [][]any{start("/opt/empower/backend/root/backend", "backend", "--env", "PROD"), start("/bin/true"), {"odd"}},
		"After":     []string{"network.target", "db.service"}, "FragmentPath": "/etc/systemd/system/b.service",
		"DropInPaths": []string{"/etc/systemd/system/b.service.d/x.conf"}, "Environment": []string{"AzureAd__ClientSecret=hidden"},
		"EnvironmentFiles": [][]any{{"/etc/empower/b.env", true}},
	}, "b.service")
	want := svc.Listed{
		Name: "b.service", Manager: svc.ManagerSystemd,
		Exec:  [][]string{{"/opt/empower/backend/root/backend", "--env", "PROD"}, {"/bin/true"}},
		After: []string{"db.service"}, Env: []string{"AzureAd__ClientSecret"},
		Files:    []string{"/etc/systemd/system/b.service.d/x.conf", "/etc/systemd/system/b.service"},
		EnvFiles: []string{"/etc/empower/b.env"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
