package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

const loopbackTimeout = 10 * time.Second

// loopback takes the one answer that a browser brings back.
type loopback struct {
	state    string
	redirect string // http://localhost:PORT
	hosts    [2]string
	server   *http.Server
	came     chan url.Values // one
	failed   chan error
	taken    atomic.Bool
}

func newLoopback(listener net.Listener) *loopback {
	_, port, _ := net.SplitHostPort(listener.Addr().String()) // it is one
	l := &loopback{
		state: rand.Text(), redirect: "http://localhost:" + port,
		hosts: [2]string{"localhost:" + port, "127.0.0.1:" + port},
		came:  make(chan url.Values, 1), failed: make(chan error, 1),
	}
	l.server = &http.Server{
		Handler: l, ReadHeaderTimeout: loopbackTimeout, ReadTimeout: loopbackTimeout, WriteTimeout: loopbackTimeout,
		MaxHeaderBytes: 64 << 10,
	}
	go l.serve(listener)
	return l
}

// ServeHTTP takes the first answer with the right state. Any page in the browser
// may send requests here: one with another state, or for another host, changes
// nothing.
func (l *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	told := r.URL.Query()
	right := subtle.ConstantTimeCompare([]byte(told.Get("state")), []byte(l.state)) == 1
	switch {
	case r.Method != http.MethodGet || r.URL.Path != "/" || r.Host != l.hosts[0] && r.Host != l.hosts[1]:
		show(w, http.StatusNotFound, "There is nothing here.")
	case !right || told.Get("code") == "" && told.Get("error") == "":
		show(w, http.StatusBadRequest, "This is not the answer to the sign-in that the installer waits for.")
	case !l.taken.CompareAndSwap(false, true):
		show(w, http.StatusGone, "The sign-in was answered already.")
	case told.Get("error") != "":
		show(w, http.StatusOK, "The sign-in did not succeed. The installer tells why; this window can be closed.")
		l.came <- told
	default:
		show(w, http.StatusOK, "The sign-in is with the installer. This window can be closed.")
		l.came <- told
	}
}

// show writes a page that repeats nothing of the request.
func show(w http.ResponseWriter, status int, text string) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>installer</title><p>"+text+"</p>\n") // the browser may have left
}
