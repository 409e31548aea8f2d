package svctest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Impersonate is one of the programs that this package plays, where this test's
// binary was started under its name; ours is false where it was not. TestMain
// calls it first, with its own streams.
func Impersonate(argv []string, in io.Reader, out io.Writer) (status int, ours bool) {
	programs := map[string]func([]string, io.Reader, io.Writer) (int, error){
		"appcmd": appcmdProgram, "w3wp": workerProgram, "schtasks": schtasksProgram,
	}
	program, ours := programs[strings.TrimSuffix(filepath.Base(argv[0]), ".exe")]
	if !ours {
		return 0, false
	}
	status, err := program(argv, in, out)
	if err != nil {
		_, _ = fmt.Fprintf(out, "ERROR ( message:%v )\n", err) // the status tells, too
		status = 1
	}
	return status, true
}

// appcmdProgram asks the IIS beside it.
func appcmdProgram(argv []string, _ io.Reader, out io.Writer) (int, error) {
	address, err := os.ReadFile(filepath.Join(filepath.Dir(argv[0]), addressFile))
	if err != nil {
		return 0, err
	}
	args, err := json.Marshal(argv[1:])
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+string(address)+"/", bytes.NewReader(args))
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close() //nolint:errcheck // read-only
	if _, err := io.Copy(out, answer.Body); err != nil {
		return 0, err
	}
	return strconv.Atoi(answer.Header.Get("Status"))
}

// WantedFile is the file beside a pool's configuration that tells with which
// contents of it a worker is well; without such a file it is with any.
const WantedFile = "wanted"

// workerProgram reads its configuration once, says where it answers, and ends
// with its standard input. It answers with the SHA-256 of what it read.
func workerProgram(argv []string, in io.Reader, out io.Writer) (int, error) {
	startup, err := time.ParseDuration(argv[2])
	if err != nil {
		return 0, err
	}
	config, err := os.ReadFile(argv[1])
	if err != nil {
		return 0, err
	}
	wanted, err := os.ReadFile(filepath.Join(filepath.Dir(argv[1]), WantedFile))
	well := err != nil || bytes.Equal(wanted, config)
	<-time.NewTimer(startup).C
	server, err := listen(context.Background(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !well {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		sum := sha256.Sum256(config)
		_, _ = fmt.Fprintf(w, "{\"read\": %q}\n", hex.EncodeToString(sum[:])) // a client that is gone wants no answer
	}))
	if err != nil {
		return 0, err
	}
	_, err = fmt.Fprintln(out, server.Addr)
	_, _ = io.Copy(io.Discard, in) // until IIS closes it
	return 0, errors.Join(err, server.Close())
}
