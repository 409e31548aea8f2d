package cli_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
)

// known are all secrets of a script: a one-time link is one, and so is what Entra ID
// gave to a client.
func (s *stage) known() []string {
	all := slices.Clone(s.secrets)
	for _, server := range s.onetime {
		for _, link := range server.Links() {
			all = append(all, onetimetest.Parts(link)...)
		}
	}
	for _, app := range s.entra.Apps() {
		for _, p := range app.Passwords {
			all = append(all, p.Value.Reveal())
		}
	}
	for _, given := range s.entra.Given() {
		if given.Kind != entratest.UserCode {
			all = append(all, given.Parts()...)
		}
	}
	return all
}

// unwritten are the secrets, and what is shown at a terminal and in no file.
func (s *stage) unwritten() []string {
	all := s.known()
	for _, given := range s.entra.Given() {
		if given.Kind == entratest.UserCode {
			all = append(all, given.Value.Reveal())
		}
	}
	return all
}

// forms are the ways in which a text could be written down.
func forms(secret string) []string {
	all := []string{secret, url.QueryEscape(secret), strings.ReplaceAll(secret, "~", `\u007e`), wide(secret)}
	for shift := range 3 { // base64 knows three places to begin
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		all = append(all, text[(shift*8+5)/6:(shift+len(secret))*8/6]) // the characters of nothing but the secret
	}
	return all
}

// wide is UTF-16, little endian.
func wide(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

// isIn reports a text that holds a secret.
func (s *stage) isIn(text string) bool { return holdsAny(text, s.known()) }

func holdsAny(text string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(secret string) bool {
		return slices.ContainsFunc(forms(secret), func(form string) bool { return strings.Contains(text, form) })
	})
}

// checkStreams ends a script whose program told a secret.
func checkStreams(ts *testscript.TestScript, stdout, stderr string) {
	s := stageOf(ts)
	if s.isIn(stdout) {
		ts.Fatalf("stdout holds a secret")
	}
	if s.isIn(stderr) {
		ts.Fatalf("stderr holds a secret")
	}
}

// leaks are the files of a script that hold a secret and should not. The
// backend's configuration should, but not what stands beside it; and what a
// one-time link gave, until it is proven.
func (s *stage) leaks(work string) []string {
	var found []string
	unwritten := s.unwritten()
	err := filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || slices.Contains(s.holders, path) {
			return err
		}
		isConfiguration := filepath.Base(filepath.Dir(path)) == "app" && !strings.HasPrefix(d.Name(), ".")
		isHanded := filepath.Base(filepath.Dir(path)) == "handed" && strings.HasSuffix(d.Name(), ".secret")
		if isConfiguration || isHanded {
			return nil
		}
		if errors.Is(unreadable(path), fs.ErrPermission) {
			_ = os.Chmod(path, 0o600) // by the script
		}
		text, err := os.ReadFile(path)
		if err == nil && holdsAny(string(text), unwritten) {
			found = append(found, path+" holds a secret")
		}
		return err
	})
	if err != nil {
		found = append(found, fmt.Sprintf("look for secrets: %v", err))
	}
	return found
}

func unreadable(path string) error {
	file, err := os.Open(path)
	if err == nil {
		err = file.Close()
	}
	return err
}

// keep writes a file with a secret, as administrators should.
func (s *stage) keep(ts *testscript.TestScript, name, value string) {
	path := ts.MkAbs(name)
	s.holders = append(s.holders, path)
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(atomicfile.Create(path, []byte(value), atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}))
}

// encode FROM TO FORM: writes a text file as utf8-bom, utf16le, utf16be,
// binary or latin1.
func encode(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 3, "encode FROM TO FORM")
	text := ts.ReadFile(args[0])
	var out []byte
	switch args[2] {
	case "utf8-bom":
		out = []byte("\xef\xbb\xbf" + text)
	case "utf16le":
		out = []byte("\xff\xfe" + wide(text))
	case "utf16be":
		out = []byte("\xff\xfe" + wide(text))
		for i := 0; i+1 < len(out); i += 2 {
			out[i], out[i+1] = out[i+1], out[i]
		}
	case "latin1":
		out = []byte(strings.ReplaceAll(text, "ü", "\xfc"))
	case "binary":
		out = []byte("\x7fELF\x02\x01\x01\x00" + text + "\x00\xff\xfe\x80")
	default:
		ts.Fatalf("encode: no form %q", args[2])
	}
	if slices.Contains(stageOf(ts).holders, ts.MkAbs(args[0])) {
		stageOf(ts).keep(ts, args[1], string(out))
		return
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o600))
}

// holds FILE...: files that hold a secret on purpose: the configuration of a
// backend that the installer installed.
func holds(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		stageOf(ts).holders = append(stageOf(ts).holders, ts.MkAbs(name))
	}
}

// substitute FILE...: puts the values of variables into files.
func substitute(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		path := ts.MkAbs(name)
		info, err := os.Stat(path)
		ts.Check(err)
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(path, []byte(text), info.Mode()))
	}
}

// inflate FILE KIBIBYTES: appends spaces.
func inflate(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "inflate FILE KIBIBYTES")
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	line := strings.Repeat(" ", 1023) + "\n"
	_, err = file.WriteString(strings.Repeat(line, number(ts, args[1])))
	ts.Check(err)
	ts.Check(file.Close())
}
