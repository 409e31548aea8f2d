package cli_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// touch FILE...: the files are there.
func touch(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(appendTo(ts.MkAbs(name), ""))
	}
}

// rewrite FROM TO PATTERN TEXT: writes a file with other texts where the pattern
// matches. The same file may be both.
func rewrite(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 4, "rewrite FROM TO PATTERN TEXT")
	old, text := ts.ReadFile(args[0]), unescape(args[3])
	now := regexp.MustCompile("(?m)"+args[2]).ReplaceAllString(old, text)
	if now == old {
		ts.Fatalf("rewrite: nothing in %s matches", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(now), 0o600))
}

// extend FILE TEXT: appends to a file.
func extend(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "extend FILE TEXT")
	ts.Check(appendTo(ts.MkAbs(args[0]), unescape(args[1])))
}

// surround FROM TO BEFORE AFTER: a secret's file with text around it.
func surround(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 4, "surround FROM TO BEFORE AFTER")
	stageOf(ts).keep(ts, args[1], unescape(args[2])+ts.ReadFile(args[0])+unescape(args[3]))
}

// export NAME FILE: a variable has the content of a file.
func export(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "export NAME FILE")
	ts.Setenv(args[0], ts.ReadFile(args[1]))
}

// insert FILE PATTERN FROM: the content of another file takes the place of what
// matches.
func insert(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 3, "insert FILE PATTERN FROM")
	text := regexp.MustCompile(args[1]).ReplaceAllLiteralString(ts.ReadFile(args[0]), ts.ReadFile(args[2]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// remove PATTERN...: removes the files that match, one for each at least.
func remove(ts *testscript.TestScript, _ bool, args []string) {
	for _, path := range matches(ts, args) {
		ts.Check(os.Remove(path))
	}
}

// tree [-d] FOLDER: stdout is the files below a folder, with -d the folders,
// with slashes.
func tree(ts *testscript.TestScript, _ bool, args []string) {
	folders := slices.Contains(args, "-d")
	root := args[len(args)-1]
	ts.Check(filepath.WalkDir(ts.MkAbs(root), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || d.IsDir() != folders:
			return err
		}
		name, err := filepath.Rel(ts.MkAbs("."), path)
		_, printErr := fmt.Fprintln(ts.Stdout(), filepath.ToSlash(name))
		return errors.Join(err, printErr)
	}))
}

// program NAME FILE: the file is one of the programs of the scripts.
func program(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "program NAME FILE")
	text, err := os.ReadFile(lookUp(ts, args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]+ts.Getenv("exe")), text, 0o700))
}

// mode MODE FILE...: the files have that mode.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has the mode %s", name, got)
		}
	}
}

// spoil FILE...: a bit of the disk is wrong in the middle of files.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	for _, path := range matches(ts, args) {
		text, err := os.ReadFile(path)
		ts.Check(err)
		text[len(text)/2] ^= 1
		ts.Check(os.WriteFile(path, text, 0o600))
	}
}

// contains FILE OTHER: the content of the other file is in the first one.
func contains(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "contains FILE OTHER")
	if !strings.Contains(ts.ReadFile(args[0]), ts.ReadFile(args[1])) {
		ts.Fatalf("%s does not hold what is in %s", args[0], args[1])
	}
}

// pause DURATION: time goes by.
func pause(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "pause DURATION")
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	time.Sleep(d)
}

// matches are the files that match patterns, one for each at least.
func matches(ts *testscript.TestScript, patterns []string) []string {
	var all []string
	for _, pattern := range patterns {
		paths, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if len(paths) == 0 {
			ts.Fatalf("nothing matches %s", pattern)
		}
		all = append(all, paths...)
	}
	return all
}

func unescape(text string) string {
	return strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(text)
}
