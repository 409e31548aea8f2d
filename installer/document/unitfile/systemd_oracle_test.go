package unitfile_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
)

// asked is a unit file with what systemd has to make of it.
type asked struct {
	text []byte
	at   string
	want string
}

// askSystemd has systemd read unit files without being started: with --test it
// prints the units that it would start. What it says of a unit begins with the
// name of its file.
func askSystemd(t *testing.T, units []asked) []string {
	t.Helper()
	dir := t.TempDir()
	target := "[Unit]\n"
	for i, u := range units {
		target += fmt.Sprintf("Wants=u%d.service\n", i)
		write(t, filepath.Join(dir, fmt.Sprintf("u%d.service", i)), u.text)
		write(t, filepath.Join(dir, fmt.Sprintf("u%d.service.d", i), "run.conf"), []byte("[Service]\nExecStart=\nExecStart=/bin/true\n"))
	}
	write(t, filepath.Join(dir, "default.target"), []byte(target))
	argv := []string{"systemd", "--user", "--test", "--unit=default.target", "--log-target=console", "--log-level=err"}
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
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "SYSTEMD_UNIT_PATH=" + dir}
	out, err := c.CombinedOutput()
	if !strings.Contains(string(out), "-> Unit u0.service:") {
		t.Skipf("systemd --test does not work here: %v, %d bytes", err, len(out))
	}
	told := make([]string, len(units))
	for _, text := range strings.Split(string(out), "-> Unit ")[1:] {
		var i int
		if n, _ := fmt.Sscanf(text, "u%d.service:", &i); n == 1 {
			told[i] = text
		}
	}
	return told
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// shownAs is what stands before a value in what systemd says of a unit.
func shownAs(at string) (string, bool) {
	if name, ok := strings.CutPrefix(at, "Service/Environment/"); ok {
		return "Environment: " + name + "=", true
	}
	_, key, _ := strings.Cut(at, "/")
	return key + ": ", key == "Description"
}

// inWords finds what systemd says that a unit has at an address.
func inWords(text, at string) (string, bool) {
	prefix, _ := shownAs(at)
	_, rest, ok := strings.Cut(text, "\n\t\t"+prefix)
	if !ok {
		return "", false
	}
	if end := regexp.MustCompile(`\n\t\t[A-Z][A-Za-z]*: |\n\t\t-> `).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest, true
}

// shown are the samples that systemd --test shows, and each value set in them.
func shown(t *testing.T) []asked {
	t.Helper()
	var units []asked
	skipped := 0
	for _, s := range samples() {
		if _, ok := shownAs(s.At); !ok {
			skipped++
			continue
		}
		for _, value := range append(syntaxtest.Nasty(), s.Old) {
			out, err := syntaxtest.Set(unitfile.Open, s.Source(), s.At, value)
			if err == nil && (value != "" || strings.Contains(s.At, "Environment")) {
				units = append(units, asked{out, s.At, value})
			}
		}
		if s.Old != "" || strings.Contains(s.At, "Environment") {
			units = append(units, asked{s.Source(), s.At, s.Old})
		}
	}
	t.Logf("%d samples are skipped: systemd --test does not show such keys", skipped)
	return units
}

func TestSystemdReadsWhatIsWritten(t *testing.T) {
	units := shown(t)
	const at = 400 // units in one run
	for from := 0; from < len(units); from += at {
		part := units[from:min(from+at, len(units))]
		for i, text := range askSystemd(t, part) {
			u := part[i]
			if got, ok := inWords(text, u.at); !ok || got != u.want {
				t.Errorf("%s: got %q, %v, want %q from %q", u.at, got, ok, u.want, u.text)
			}
		}
	}
	t.Logf("%d unit files read as they are", len(units))
}

// TestSystemdReadsAsWeDo compares words that nobody wrote with care.
func TestSystemdReadsAsWeDo(t *testing.T) {
	const at = "Service/Environment/A"
	pieces := []string{"A=", " ", "\t", `\\`, " \\\n", `"`, "'", `\"`, "$", "%%", "b", "# ", `\x41`, ";", "A", "\n# \"\n", `\n`}
	var units []asked
	refused := 0
	for i := range 8000 {
		text := ""
		for n := i*65537 + 5; n > 0; n /= len(pieces) {
			text += pieces[n%len(pieces)]
		}
		file := []byte("[Service]\nEnvironment=" + text + "\n\nEnvironment=LAST=1\n")
		got, err := syntaxtest.Get(unitfile.Open, file, at)
		if err != nil {
			refused++
			continue
		}
		units = append(units, asked{file, at, got})
	}
	for i, text := range askSystemd(t, units) {
		u := units[i]
		if got, ok := inWords(text, u.at); !ok || got != u.want {
			t.Errorf("got %q, %v, want %q from %q", got, ok, u.want, u.text)
		}
	}
	t.Logf("%d alike, %d refused", len(units), refused)
}
