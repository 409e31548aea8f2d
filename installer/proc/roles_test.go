package proc_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// play is the test program as a program that is run.
func play(role string) {
	out := func(text string) { _, _ = io.WriteString(os.Stdout, text) } // the other side looks at it
	switch role {
	case "exit":
		os.Exit(number(os.Args[1]))
	case "echo":
		out(os.Args[1])
	case "streams":
		out("out ")
		_, _ = io.WriteString(os.Stderr, "err ")
		out("out")
	case "flood":
		if _, err := os.Stdout.Write(bytes.Repeat([]byte("x"), 1<<20)); err != nil {
			os.Exit(1)
		}
	case "copy":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	case "folder":
		folder, _ := os.Getwd()
		out(folder)
	case "environment":
		out(strings.Join(os.Environ(), "\n"))
	case "hang":
		out("begun")
		time.Sleep(time.Minute)
	default:
		fmt.Fprintln(os.Stderr, "no such role")
		os.Exit(2)
	}
	os.Exit(0)
}
