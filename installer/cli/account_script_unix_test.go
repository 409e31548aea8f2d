//go:build unix

package cli_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// nobody is the account without rights, which owns nothing.
const nobody = 65534

// powerless PROGRAM [ARG...] runs a program as an account that may not read
// what others keep to themselves: root becomes nobody, everyone else stays.
func powerless() {
	if os.Geteuid() == 0 {
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			fmt.Fprintln(os.Stderr, "powerless:", err)
			os.Exit(125)
		}
	}
	become(os.Args[1:])
}

// limited BYTES PROGRAM [ARG...] runs a program that can write no larger files,
// as if the disk were full.
func limited() {
	bytes, err := strconv.ParseUint(os.Args[1], 10, 64)
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "limited:", err)
		os.Exit(125)
	}
	become(os.Args[2:])
}

// become is another program from here on.
func become(args []string) {
	path, err := exec.LookPath(args[0])
	if err == nil {
		err = syscall.Exec(path, args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(125)
}

// give FOLDER...: folders and all that is in them belong to the account of powerless.
func give(ts *testscript.TestScript, _ bool, args []string) {
	if os.Geteuid() != 0 {
		return // it is the account that runs the test
	}
	for _, folder := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(folder), func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, nobody, nobody))
		}))
	}
}
