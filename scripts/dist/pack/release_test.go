package pack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

// releaseFolder is a release that make dist made; make dist-check names it.
func releaseFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("DIST_RELEASE")
	if folder == "" {
		t.Skip("DIST_RELEASE names no release: make dist-check does")
	}
	return folder
}

func readFolder(t *testing.T, folder string) []pack.File {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var files []pack.File
	for _, e := range entries {
		files = append(files, pack.File{Name: e.Name(), Data: readFile(t, filepath.Join(folder, e.Name()))})
	}
	return files
}

// checkSums compares SHA256SUMS with all the files beside it.
func checkSums(t *testing.T, files []pack.File) {
	t.Helper()
	var told []byte
	rest := slices.DeleteFunc(slices.Clone(files), func(f pack.File) bool {
		if f.Name == "SHA256SUMS" {
			told = f.Data
		}
		return f.Name == "SHA256SUMS"
	})
	if want := pack.Sums(rest); !bytes.Equal(told, want) {
		t.Errorf("SHA256SUMS is\n%s, the files are\n%s", told, want)
	}
}

func only(t *testing.T, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: got %q, %v, want one file", pattern, names, err)
	}
	return names[0]
}

// unpack reads an archive by the names below its top folder, which has the
// archive's own name.
func unpack(t *testing.T, name string) map[string]pack.File {
	t.Helper()
	files := map[string]pack.File{}
	read := func(path string, r io.Reader, mode os.FileMode) {
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		top, inner, _ := strings.Cut(path, "/")
		if base := filepath.Base(name); top+".zip" != base && top+".tar.gz" != base {
			t.Errorf("%s: the top folder is %q", base, top)
		}
		files[inner] = pack.File{Name: inner, Data: data, Exec: mode&0o111 != 0}
	}
	if strings.HasSuffix(name, ".zip") {
		unzip(t, name, read)
	} else {
		untar(t, name, read)
	}
	return files
}

func unzip(t *testing.T, name string, read func(string, io.Reader, os.FileMode)) {
	t.Helper()
	data := readFile(t, name)
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		stream, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		read(f.Name, stream, f.Mode())
	}
}

func untar(t *testing.T, name string, read func(string, io.Reader, os.FileMode)) {
	t.Helper()
	stream, err := gzip.NewReader(bytes.NewReader(readFile(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		read(h.Name, r, h.FileInfo().Mode())
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func filesOf(m map[string]pack.File) iter.Seq[pack.File] { return maps.Values(m) }

// archives are the zip and tar.gz of a release, by target.
func archives(t *testing.T) map[pack.Target]map[string]pack.File {
	t.Helper()
	folder := releaseFolder(t)
	all := map[pack.Target]map[string]pack.File{}
	for _, target := range pack.Targets() {
		ending := ".tar.gz"
		if target.OS == "windows" {
			ending = ".zip"
		}
		all[target] = unpack(t, only(t, filepath.Join(folder, "installer-*-"+target.OS+"-"+target.Arch+ending)))
	}
	return all
}

func TestEveryArchiveIsComplete(t *testing.T) {
	for target, files := range archives(t) {
		want := []string{
			"CHANGELOG.md", "NOTICES.txt", "README.md", "SHA256SUMS", "answers.example.yaml", "answers.schema.json",
			"completion/_installer", "completion/installer.bash", "completion/installer.fish", "completion/installer.ps1",
			target.Program(), "sbom.cdx.json",
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
		for name, f := range files {
			if f.Exec != (name == target.Program()) || len(f.Data) == 0 {
				t.Errorf("%s: %s: executable %v, %d bytes", target, name, f.Exec, len(f.Data))
			}
		}
		checkSums(t, slices.Collect(filesOf(files)))
		checkSBOM(t, files["sbom.cdx.json"].Data)
	}
	checkSums(t, readFolder(t, releaseFolder(t)))
}

// versionOfSource reads the constant of package cli.
func versionOfSource(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../installer/cli/wire.go")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^const Version = "([^"]+)"$`).FindSubmatch(text)
	if m == nil {
		t.Fatal("wire.go has no constant Version")
	}
	return string(m[1])
}

func TestEveryProgramIsThatOfItsTargetAndCommit(t *testing.T) {
	version := versionOfSource(t)
	for target, files := range archives(t) {
		program := files[target.Program()].Data
		info, err := buildinfo.Read(bytes.NewReader(program))
		if err != nil {
			t.Fatal(err)
		}
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		for key, want := range map[string]string{
			"GOOS": target.OS, "GOARCH": target.Arch, "CGO_ENABLED": "0", "-trimpath": "true", "vcs.modified": "false",
		} {
			if settings[key] != want {
				t.Errorf("%s: %s is %q, want %q", target, key, settings[key], want)
			}
		}
		origin, err := pack.OriginOf(version, info)
		if err != nil {
			t.Fatal(err)
		}
		if target.OS == "windows" {
			checkVersion(t, program, origin)
			checkManifest(t, program)
		}
		for _, module := range info.Deps {
			if !bytes.Contains(files["NOTICES.txt"].Data, []byte("---- "+module.Path+" ")) {
				t.Errorf("%s: NOTICES.txt has nothing of %s", target, module.Path)
			}
		}
	}
}

func TestNothingTellsOfTheBuildingHost(t *testing.T) {
	folder := releaseFolder(t)
	environ := run(t, nil, "go", "env", "GOROOT", "GOMODCACHE", "GOCACHE")
	traces := append(strings.Fields(environ), filepath.Dir(filepath.Dir(folder)), "installer-dist-")
	if host, err := os.Hostname(); err == nil && len(host) > 6 {
		traces = append(traces, host)
	}
	check := func(where string, files iter.Seq[pack.File]) {
		for f := range files {
			for _, trace := range traces {
				if bytes.Contains(f.Data, []byte(trace)) {
					t.Errorf("%s: %s holds %q", where, f.Name, trace)
				}
			}
		}
	}
	for target, files := range archives(t) {
		check(target.String(), filesOf(files))
	}
	check("release", slices.Values(readFolder(t, folder)))
}

func TestTheProgramOfThisHostSaysItsVersion(t *testing.T) {
	target := pack.Target{OS: runtime.GOOS, Arch: runtime.GOARCH}
	program := filepath.Join(t.TempDir(), target.Program())
	if err := os.WriteFile(program, archives(t)[target][target.Program()].Data, 0o700); err != nil {
		t.Fatal(err)
	}
	got := run(t, nil, program, "version")
	want := regexp.MustCompile(`^installer ` + regexp.QuoteMeta(versionOfSource(t)) + ` ` + target.String() + ` go[0-9.]+ commit [0-9a-f]{40}\n$`)
	if !want.MatchString(got) {
		t.Errorf("got %q", got)
	}
}
