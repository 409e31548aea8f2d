package envfile_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// The programs print, for each file N-KEY in a folder, its name and the value that
// it gives KEY, each ended by a NUL; no value where they read none.
const (
	inBash = `
for f in "$1"/*; do
	printf '%s\0' "$f"
	( unset A B; set -a; . "$f" >/dev/null 2>&1; k=${f##*-}; printf '%s\0' "set:${!k}" ) 2>/dev/null
done`
	inPython = `
import os, sys, logging
from dotenv import dotenv_values
logging.disable()
for name in os.listdir(sys.argv[1]):
    f = os.path.join(sys.argv[1], name)
    sys.stdout.buffer.write(f.encode() + b"\0")
    value = dotenv_values(f, interpolate=True).get(name.split("-")[1])
    if value is not None:
        sys.stdout.buffer.write(b"set:" + value.encode() + b"\0")`
	inNode = `
const fs = require("fs"), path = require("path"), dotenv = require("dotenv");
for (const name of fs.readdirSync(process.argv[1])) {
  const f = path.join(process.argv[1], name), value = dotenv.parse(fs.readFileSync(f))[name.split("-")[1]];
  process.stdout.write(f + "\0" + (value === undefined ? "" : "set:" + value + "\0"));
}`
)

// edited is a file with a value set, and what a reader has to say of it.
type edited struct {
	name, key  string
	src, out   []byte
	old, value string
}

func edits(t *testing.T) []edited {
	t.Helper()
	var all []edited
	for _, s := range samples() {
		for _, value := range syntaxtest.Nasty() {
			if out, err := syntaxtest.Set(envfile.Open, s.Source(), s.At, value); err == nil {
				all = append(all, edited{s.Name, s.At, s.Source(), out, s.Old, value})
			}
		}
	}
	return all
}

// read asks a program for the values of files, by their number.
func read(t *testing.T, files [][]byte, all []edited, argv ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for i, file := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%s", i, all[i].key)), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(argv[0], append(argv[1:], dir)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	values := make([]string, len(files))
	number := -1
	for field := range strings.SplitSeq(string(out), "\x00") {
		if name, ok := strings.CutPrefix(field, dir+string(filepath.Separator)); ok {
			if _, err := fmt.Sscanf(name, "%d-", &number); err != nil {
				t.Fatal(err)
			}
		} else if number >= 0 && values[number] == "" {
			values[number] = field
		}
	}
	return values
}

// wantRead: a reader that takes the old value for what we do takes the new one
// for what it is. The others are not the readers of such a file.
func wantRead(t *testing.T, argv ...string) {
	t.Helper()
	all := edits(t)
	var before, after [][]byte
	for _, e := range all {
		before, after = append(before, e.src), append(after, e.out)
	}
	was, is := read(t, before, all, argv...), read(t, after, all, argv...)
	right := 0
	strangers := map[string]int{}
	for i, e := range all {
		switch {
		case was[i] != "set:"+e.old:
			strangers[e.name]++
		case is[i] != "set:"+e.value:
			t.Errorf("%s: got %q, want %q from %q", e.name, is[i], e.value, e.out)
		default:
			right++
		}
	}
	t.Logf("%d of %d edits read as they are; not its files: %v", right, len(all), strangers)
	if right < len(all)/2 {
		t.Errorf("only %d of %d edits were looked at", right, len(all))
	}
}

func TestBashReadsWhatIsWritten(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	wantRead(t, bash, "-c", inBash, "bash")
}

func TestPythonDotenvReadsWhatIsWritten(t *testing.T) {
	if out, err := exec.Command("python3", "-c", "import dotenv").CombinedOutput(); err != nil {
		t.Skipf("no python-dotenv: %s", lastLine(out))
	}
	wantRead(t, "python3", "-c", inPython)
}

func TestDotenvOfNodeReadsWhatIsWritten(t *testing.T) {
	if out, err := exec.Command("node", "-e", `require("dotenv").parse`).CombinedOutput(); err != nil {
		t.Skipf("no dotenv for node: %v: %s", err, lastLine(out))
	}
	wantRead(t, "node", "-e", inNode)
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
