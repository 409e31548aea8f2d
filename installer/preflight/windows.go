package preflight

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/plan"
)

// What the backend wants of Windows.
// https://learn.microsoft.com/dotnet/framework/install/how-to-determine-which-versions-are-installed (2026).
const (
	server2016Build = 14393
	framework462    = 394802
	aspNETCore      = "Microsoft.AspNetCore.App"
)

// maxRuntimeConfigBytes bounds a *.runtimeconfig.json; they take a few hundred.
const maxRuntimeConfigBytes = 1 << 20

// program is what a folder with program files wants of .NET.
type program struct {
	dotnet  bool   // it is made for .NET at all
	runtime string // the version of Microsoft.AspNetCore.App; "" for none
}

// checkWindows judges the host for program files that are to be installed.
func (f *Findings) checkWindows(facts host.Facts, p program) {
	w := facts.Windows
	if w == nil {
		return
	}
	f.checkRelease(w)
	if p.dotnet && w.NETFramework < framework462 {
		f.problem(oldFramework(w), "install .NET Framework 4.8, restart Windows, and run it again")
	}
	if p.runtime != "" && !slices.ContainsFunc(w.ASPNETCore, func(v string) bool { return satisfies(v, p.runtime) }) {
		f.problem(fmt.Sprintf("the program files want %s %s, and here is %s", aspNETCore, p.runtime, listed(w.ASPNETCore)),
			"install the ASP.NET Core Runtime, Hosting Bundle of that version (https://dotnet.microsoft.com/download/dotnet), and run it again")
	}
}

// checkStanding judges the host of a backend that runs, with what it has of .NET:
// what it lacks is told, and stops nothing.
func (f *Findings) checkStanding(facts host.Facts, files []plan.File) {
	w := facts.Windows
	if w == nil {
		return
	}
	f.checkRelease(w)
	isNET := func(file plan.File) bool { return strings.EqualFold(filepath.Base(file.Path), "appsettings.json") }
	if w.NETFramework < framework462 && slices.ContainsFunc(files, isNET) {
		f.warn(oldFramework(w))
	}
}

func (f *Findings) checkRelease(w *host.Windows) {
	if w.Build < server2016Build {
		f.problem(fmt.Sprintf("%s, build %d, is older than Windows Server 2016 (build %d)", w.Product, w.Build, server2016Build),
			"install the backend on Windows Server 2016 or later")
	}
	if len(w.Restart) > 0 {
		f.warn("Windows is to be restarted (" + strings.Join(w.Restart, "; ") + "): restart it when it suits, before or after this")
	}
}

func oldFramework(w *host.Windows) string {
	if w.NETFramework == 0 {
		return ".NET Framework 4.6.2 or later is wanted, and none is installed"
	}
	return fmt.Sprintf(".NET Framework 4.6.2 or later is wanted (Release %d), and an older one is installed (Release %d)", framework462, w.NETFramework)
}

func listed(versions []string) string {
	if len(versions) == 0 {
		return "none"
	}
	return strings.Join(versions, ", ")
}

// satisfies tells whether an installed version is taken for a wanted one: of
// the same major version, as .NET rolls forward by default, and not older.
// https://learn.microsoft.com/dotnet/core/versions/selection (2026).
func satisfies(installed, wanted string) bool {
	have, want := numbers(installed), numbers(wanted)
	return len(have) > 0 && len(want) > 0 && have[0] == want[0] && slices.Compare(have, want) >= 0
}

// numbers are those of a version, without what says that it is a preview.
func numbers(version string) []int {
	version, _, _ = strings.Cut(version, "-")
	var all []int
	for _, part := range strings.Split(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		all = append(all, n)
	}
	return all
}

// programIn reads what program files themselves say that they want.
func programIn(folder string) program {
	var p program
	if folder == "" {
		return p
	}
	configs, _ := filepath.Glob(filepath.Join(folder, "*.runtimeconfig.json")) // the pattern is good
	for _, path := range configs {
		text, err := os.ReadFile(path)
		if err != nil || len(text) > maxRuntimeConfigBytes {
			continue
		}
		p.dotnet = true
		if version := runtimeIn(text); slices.Compare(numbers(version), numbers(p.runtime)) > 0 {
			p.runtime = version
		}
	}
	old, _ := filepath.Glob(filepath.Join(folder, "*.exe.config")) // of .NET Framework
	p.dotnet = p.dotnet || len(old) > 0
	return p
}

// runtimeIn is the version of Microsoft.AspNetCore.App that a runtimeconfig.json
// names; one that brings its own (includedFrameworks) names none.
func runtimeIn(text []byte) string {
	type framework struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	var config struct {
		RuntimeOptions struct {
			Framework  framework   `json:"framework"`
			Frameworks []framework `json:"frameworks"`
		} `json:"runtimeOptions"`
	}
	if json.Unmarshal(text, &config) != nil {
		return ""
	}
	for _, wanted := range append(config.RuntimeOptions.Frameworks, config.RuntimeOptions.Framework) {
		if wanted.Name == aspNETCore {
			return wanted.Version
		}
	}
	return ""
}
