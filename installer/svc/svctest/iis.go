package svctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// Pool is an application pool of IIS with the one site that it serves.
type Pool struct {
	Name      string
	Config    string        // the file that a worker reads when it starts
	OnDemand  bool          // a worker starts with the first request, not with the pool
	NoOverlap bool          // a recycle ends the old worker first
	Startup   time.Duration // until a worker answers
	Drain     time.Duration // for how long an old worker answers on beside the new one
}

// IIS plays the part of Internet Information Services: pools whose workers are
// real processes, and the program appcmd that commands them. While an old
// worker drains it is the one that answers, which is the worst that IIS could
// do to somebody who waits for the new one.
type IIS struct {
	folder  string
	control *http.Server
	mu      sync.Mutex
	pools   map[string]*pool
	events  []string
}

// addressFile is where the program appcmd finds its IIS: beside itself.
const addressFile = "iis.address"

// StartIIS starts an IIS whose programs are put into that folder: they are
// this test's binary, whose TestMain calls Impersonate.
func StartIIS(ctx context.Context, folder string, pools ...Pool) (*IIS, error) {
	i := &IIS{folder: folder, pools: map[string]*pool{}}
	for _, program := range []string{i.Appcmd(), i.worker()} {
		if err := place(program); err != nil {
			return nil, err
		}
	}
	control, err := listen(ctx, http.HandlerFunc(i.serve))
	if err != nil {
		return nil, err
	}
	i.control = control
	for _, p := range pools {
		if i.pools[p.Name], err = i.open(ctx, p); err != nil {
			return nil, errors.Join(err, i.Close())
		}
	}
	return i, os.WriteFile(filepath.Join(folder, addressFile), []byte(control.Addr), 0o600)
}

// Appcmd is the path of the program.
func (i *IIS) Appcmd() string { return filepath.Join(i.folder, "appcmd"+suffix()) }

func (i *IIS) worker() string { return filepath.Join(i.folder, "w3wp"+suffix()) }

// Command are the argument vectors of a pool, as the profile in configs has them.
func (i *IIS) Command(name string) svc.Command {
	appcmd := func(args ...string) []string { return append([]string{i.Appcmd()}, args...) }
	return svc.Command{
		Start:   appcmd("start", "apppool", "/apppool.name:"+name),
		Stop:    appcmd("stop", "apppool", "/apppool.name:"+name),
		Status:  appcmd("list", "apppool", "/name:"+name, "/state:Started"),
		Restart: appcmd("recycle", "apppool", "/apppool.name:"+name),
		Process: appcmd("list", "wp", "/apppool.name:"+name, "/text:WP.NAME"),
	}
}

// URL is where the site of a pool answers.
func (i *IIS) URL(name string) string { return "http://" + i.pools[name].site.Addr + "/" }

// Events are what happened, in order: the acts that appcmd asked for, such as
// "recycle web", and "worker 1 begins" and "worker 1 ended" of the first worker.
func (i *IIS) Events() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.events)
}

func (i *IIS) note(format string, args ...any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.events = append(i.events, fmt.Sprintf(format, args...))
}

// Close ends every worker.
func (i *IIS) Close() error {
	err := i.control.Close()
	for _, p := range i.pools {
		p.close()
		err = errors.Join(err, p.site.Close())
	}
	return err
}

// serve is what the program appcmd talks to.
func (i *IIS) serve(w http.ResponseWriter, r *http.Request) {
	var args []string
	if err := json.NewDecoder(r.Body).Decode(&args); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	text, status := i.appcmd(r.Context(), args)
	w.Header().Set("Status", fmt.Sprint(status))
	_, _ = io.WriteString(w, text) // a client that is gone wants no answer
}

// appcmd answers as the real one does: a list of what matches, or nothing and
// status 1; ERROR ( message:... ) and a status other than 0 for an act that
// the pool's state forbids.
func (i *IIS) appcmd(ctx context.Context, args []string) (string, int) {
	if len(args) < 2 {
		return "ERROR ( message:Must specify a command and an object type. )\n", 87
	}
	verb, object, filter := args[0], args[1], filters(args[2:])
	name := filter["apppool.name"]
	if object == "apppool" && name == "" {
		name = filter["name"]
	}
	p, found := i.pools[name]
	switch {
	case verb == "list" && !found:
		return "", 1
	case !found:
		return fmt.Sprintf("ERROR ( message:Cannot find APPPOOL object with identifier %q. )\n", name), 1168
	case verb == "list":
		return p.listed(object, filter)
	}
	i.note("%s %s", verb, name)
	return p.act(ctx, verb)
}

// filters reads /name:value.
func filters(args []string) map[string]string {
	all := map[string]string{}
	for _, arg := range args {
		name, value, _ := strings.Cut(strings.TrimPrefix(arg, "/"), ":")
		all[strings.ToLower(name)] = value
	}
	return all
}

func listen(ctx context.Context, handler http.Handler) (*http.Server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Addr: listener.Addr().String(), Handler: handler, ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(listener) }() // until Close
	return server, nil
}

func suffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// place makes this test's binary a program of another name.
func place(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// Windows removes no name of a program that runs.
	if runtime.GOOS != "windows" && os.Link(self, path) == nil {
		return nil
	}
	text, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o700)
}
