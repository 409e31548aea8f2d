package svctest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// pool is a Pool that lives.
type pool struct {
	Pool
	iis  *IIS
	site *http.Server

	mu      sync.Mutex
	started bool
	made    int
	running []*worker // the oldest first
}

// worker is a process of a pool. It ends when its standard input is closed.
type worker struct {
	number int
	pid    int
	site   *url.URL
	leave  io.Closer
	ended  chan struct{}
}

// open makes a pool that is started.
func (i *IIS) open(ctx context.Context, settings Pool) (*pool, error) {
	p := &pool{Pool: settings, iis: i, started: true}
	site, err := listen(ctx, p)
	if err != nil {
		return nil, err
	}
	p.site = site
	if p.OnDemand {
		return p, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p, p.spawn(ctx)
}

func (p *pool) currentState() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started {
		return "Started"
	}
	return "Stopped"
}

// listed is the answer to list apppool and list wp.
func (p *pool) listed(object string, filter map[string]string) (string, int) {
	if object == "apppool" {
		state := p.currentState()
		if wanted := filter["state"]; wanted != "" && wanted != state {
			return "", 1
		}
		return fmt.Sprintf("APPPOOL %q (MgdVersion:,MgdMode:Integrated,state:%s)\n", p.Name, state), 0
	}
	var out strings.Builder
	for _, id := range p.workers() {
		if strings.EqualFold(filter["text"], "WP.NAME") {
			fmt.Fprintln(&out, id)
		} else {
			fmt.Fprintf(&out, "WP \"%d\" (apppool:%s)\n", id, p.Name)
		}
	}
	if out.Len() == 0 {
		return "", 1
	}
	return out.String(), 0
}

func (p *pool) workers() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []int
	for _, w := range p.running {
		ids = append(ids, w.pid)
	}
	return ids
}

// ServeHTTP passes a request on to the oldest worker, and starts one where
// there is none. A pool that is stopped answers 503.
func (p *pool) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target, err := p.target(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
}

func (p *pool) target(ctx context.Context) (*url.URL, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started {
		return nil, fmt.Errorf("the pool %q is stopped", p.Name)
	}
	if len(p.running) == 0 {
		if err := p.spawn(ctx); err != nil {
			return nil, err
		}
	}
	return p.running[0].site, nil
}

// act is start, stop or recycle, with the answer and status of appcmd.
func (p *pool) act(ctx context.Context, verb string) (string, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case verb == "start" && p.started:
		return fmt.Sprintf("ERROR ( message:The application pool %q is already started. )\n", p.Name), 1
	case verb != "start" && !p.started:
		return fmt.Sprintf("ERROR ( message:The application pool %q is stopped. )\n", p.Name), 1
	}
	if err := p.turn(ctx, verb); err != nil {
		return "ERROR ( message:" + err.Error() + " )\n", 1
	}
	done := map[string]string{"start": "started", "stop": "stopped", "recycle": "recycled"}
	return fmt.Sprintf("%q successfully %s\n", p.Name, done[verb]), 0
}

// turn does what act allowed. The caller holds mu.
func (p *pool) turn(ctx context.Context, verb string) error {
	old := slices.Clone(p.running)
	switch {
	case verb == "start":
		p.started = true
		if p.OnDemand {
			return nil
		}
		return p.spawn(ctx)
	case verb == "stop":
		p.started = false
		p.dismiss(old, 0)
	case verb != "recycle":
		return fmt.Errorf("unknown command %q", verb)
	case p.NoOverlap:
		p.dismiss(old, 0)
	case len(old) > 0:
		err := p.spawn(ctx)
		p.dismiss(old, p.Drain)
		return err
	}
	return nil
}

// dismiss ends workers after a while, without waiting for it.
func (p *pool) dismiss(workers []*worker, after time.Duration) {
	for _, w := range workers {
		time.AfterFunc(after, func() { _ = w.leave.Close() })
	}
}

func (p *pool) close() {
	p.mu.Lock()
	left := slices.Clone(p.running)
	p.started = false
	p.dismiss(left, 0)
	p.mu.Unlock()
	for _, w := range left {
		<-w.ended
	}
}

// spawn starts a worker and waits until it listens. The caller holds mu.
func (p *pool) spawn(ctx context.Context) error {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), // it outlives the request that started it
		p.iis.worker(), p.Config, p.Startup.String())
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = in.Close()
		return fmt.Errorf("a worker of %q did not come up: %w", p.Name, cmd.Wait())
	}
	p.made++
	w := &worker{
		number: p.made, pid: cmd.Process.Pid, leave: in, ended: make(chan struct{}),
		site: &url.URL{Scheme: "http", Host: strings.TrimSpace(address)},
	}
	p.running = append(p.running, w)
	p.iis.note("worker %d begins", w.number)
	go p.await(cmd, w)
	return nil
}

// await takes a worker that has ended off the list.
func (p *pool) await(cmd *exec.Cmd, w *worker) {
	_ = cmd.Wait() // how it ended is of no interest
	p.mu.Lock()
	p.running = slices.DeleteFunc(p.running, func(other *worker) bool { return other == w })
	p.mu.Unlock()
	p.iis.note("worker %d ended", w.number)
	close(w.ended)
}
