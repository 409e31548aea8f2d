package envfile_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// systemd --test prints the units that it would start, with their environment. It
// reads os-release with the parser of EnvironmentFile=, and puts what that says in
// the place of some specifiers: so it tells what it reads, without being started.
func osRelease() []string {
	return []string{"ID", "VERSION_ID", "BUILD_ID", "VARIANT_ID", "IMAGE_ID", "IMAGE_VERSION"}
}

const oracleUnit = `[Service]
ExecStart=/bin/true
Environment=V0=%o V1=%w V2=%B V3=%W V4=%M V5=%A
`

// askSystemd is what systemd reads as the values of os-release.
func askSystemd(t *testing.T, file []byte) map[string]string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts systemd for each file")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"os-release": string(file), "default.target": "[Unit]\nWants=a.service\n", "a.service": oracleUnit} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	argv := []string{"systemd", "--user", "--test", "--unit=default.target", "--log-target=console"}
	if os.Getuid() == 0 {
		argv = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}, argv...)
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath(argv[0]); err != nil {
		t.Skipf("no %s", argv[0])
	}
	c := exec.Command(argv[0], argv[1:]...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "SYSTEMD_UNIT_PATH=" + dir, "SYSTEMD_OS_RELEASE=" + filepath.Join(dir, "os-release")}
	out, err := c.CombinedOutput()
	_, unit, ok := strings.Cut(string(out), "-> Unit a.service:")
	if !ok {
		t.Skipf("systemd --test does not work here: %v, %d bytes", err, len(out))
	}
	values := map[string]string{}
	field := regexp.MustCompile(`\n\t\t[A-Z][A-Za-z]*: `)
	for _, part := range strings.Split(field.ReplaceAllStringFunc(unit, func(s string) string { return "\x00" + s }), "\x00") {
		if text, ok := strings.CutPrefix(part, "\n\t\tEnvironment: V"); ok {
			n, value, _ := strings.Cut(text, "=")
			i, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			values[osRelease()[i]] = value
		}
	}
	return values
}

// TestSystemdReadsWhatIsWritten sets each value in each notation, six in a file.
func TestSystemdReadsWhatIsWritten(t *testing.T) {
	looked := 0
	var values []string
	for _, value := range syntaxtest.Nasty() {
		if !cannotInSystemd(syntaxtest.Sample{}, value) {
			values = append(values, value)
		}
	}
	for _, old := range []string{"«x»", "«'x'»", "«\"x\"»", " «'x y'» ", "«a\\\n b»", "«»"} {
		for from := 0; from < len(values); from += len(osRelease()) {
			file, want := []byte("# don't \" \n;x=y\n"), map[string]string{}
			for i, value := range values[from:min(from+len(osRelease()), len(values))] {
				s := sample("", osRelease()[i], "", fmt.Sprintf("%s=%s\n", osRelease()[i], old))
				out, err := syntaxtest.Set(envfile.OpenSystemd, append(file, s.Source()...), s.At, value)
				if err != nil {
					t.Fatalf("%q for %s: %v", value, old, err)
				}
				file, want[s.At] = out, value
			}
			got := askSystemd(t, file)
			for key, value := range want {
				looked++
				if got[key] != value {
					t.Errorf("%s: got %q, want %q from %q", key, got[key], value, file)
				}
			}
		}
	}
	t.Logf("%d values read as they are", looked)
}

// TestSystemdReadsAsWeDo compares files that nobody wrote with care.
func TestSystemdReadsAsWeDo(t *testing.T) {
	looked, silent := 0, 0
	for _, text := range oddValues() {
		file := []byte("BUILD_ID=" + text + "\nID=last\n")
		want, err := syntaxtest.Get(envfile.OpenSystemd, file, "BUILD_ID")
		if err != nil {
			silent++
			continue
		}
		looked++
		last, err := syntaxtest.Get(envfile.OpenSystemd, file, "ID")
		if err != nil && syntaxtest.KindOf(err) != syntax.NotFound {
			t.Errorf("%q: %v", text, err)
		}
		if got := askSystemd(t, file); got["BUILD_ID"] != want || got["ID"] != last {
			t.Errorf("%q: got %q, want %q and %q", text, got, want, last)
		}
	}
	t.Logf("%d alike, %d refused", looked, silent)
}

// oddValues are those of the samples, and pieces put together.
func oddValues() []string {
	var all []string
	for _, s := range systemdSamples() {
		from, to := strings.Index(s.Text, "«"), strings.Index(s.Text, "»")
		all = append(all, s.Text[from+len("«"):to])
	}
	pieces := []string{"a", " ", "\t", `\`, "\n", `"`, "'", `\"`, `\$`, "$", "`", "=", "ü", ";", "b"}
	for i := range 60 {
		text := ""
		for n := i*39119 + 13; n > 0; n /= len(pieces) {
			text += pieces[n%len(pieces)]
		}
		all = append(all, text)
	}
	return all
}
