// Package onetimetest is a server for one-time links, and the contract that the
// drivers of package onetime keep with it.
//
// It speaks the documented APIs of SnapPass and Onetime Secret, in their older and
// their newer form, as package onetime's sources describe them: with state, lives
// that end, values that are given once, HEAD and previews that consume nothing, and
// SnapPass's deletion before it looks at the key. It encrypts nothing.
package onetimetest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Product is what the server is.
type Product string

// The products. A SnapPassOld has no API v2, an OnetimeSecretV1 only v1.
const (
	SnapPass        Product = "snappass"
	SnapPassOld     Product = "snappass-old"
	OnetimeSecret   Product = "onetimesecret"
	OnetimeSecretV1 Product = "onetimesecret-v1"
)

// Products are all of them.
func Products() []Product {
	return []Product{SnapPass, SnapPassOld, OnetimeSecret, OnetimeSecretV1}
}

// IsSnapPass reports the product.
func (p Product) IsSnapPass() bool { return p == SnapPass || p == SnapPassOld }

// Server is a server on loopback. Close it.
type Server struct {
	Product Product
	web     *httptest.Server

	mu     sync.Mutex
	now    time.Time
	kept   map[string]*kept
	links  []string // all that were ever made
	given  int      // values that were given away
	asked  []string // methods and kinds of addresses, without keys
	losing bool
	status int
	gate   chan struct{}
	held   int // values that wait at the gate
}

type kept struct {
	value, key, passphrase string
	until                  time.Time
}

// Start starts a server, with https or without.
func Start(product Product, secure bool) *Server {
	s := &Server{Product: product, now: time.Now(), kept: map[string]*kept{}}
	s.web = httptest.NewUnstartedServer(http.HandlerFunc(s.serve)) // requests find it in its place
	if secure {
		s.web.StartTLS()
	} else {
		s.web.Start()
	}
	return s
}

// Close ends it.
func (s *Server) Close() { s.web.Close() }

// URL is its address.
func (s *Server) URL() string { return s.web.URL }

// CA is the certificate to trust, in PEM; nil without https.
func (s *Server) CA() []byte {
	if s.web.Certificate() == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.web.Certificate().Raw})
}

// Advance lets time go by.
func (s *Server) Advance(d time.Duration) { s.locked(func() { s.now = s.now.Add(d) }) }

// LoseAnswers has it close the connection in place of giving a value away, which is
// then gone.
func (s *Server) LoseAnswers(lose bool) { s.locked(func() { s.losing = lose }) }

// AnswerWith has it answer everything with a status; 0 ends that.
func (s *Server) AnswerWith(status int) { s.locked(func() { s.status = status }) }

// Hold has it keep values back, which are then gone, until the function that is
// returned is called.
func (s *Server) Hold() (release func()) {
	gate := make(chan struct{})
	s.locked(func() { s.gate = gate })
	return sync.OnceFunc(func() { close(gate) })
}

// Held is how many values it has kept back so far.
func (s *Server) Held() (n int) {
	s.locked(func() { n = s.held })
	return n
}

// Links are all that it made.
func (s *Server) Links() (all []string) {
	s.locked(func() { all = append(all, s.links...) })
	return all
}

// Parts are the pieces of a link that tell of it wherever one is found: the whole,
// its last part as the address has it and without escapes, and SnapPass's key.
func Parts(link string) []string {
	last := link[strings.LastIndex(link, "/")+1:]
	plain, err := url.QueryUnescape(last)
	if err != nil {
		plain = last // the server escaped none
	}
	all := []string{link, last, plain}
	if _, key, ok := strings.Cut(plain, "~"); ok {
		all = append(all, key)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Given is how many values left it.
func (s *Server) Given() (n int) {
	s.locked(func() { n = s.given })
	return n
}

// Asked are the requests so far, without the parts that are secret.
func (s *Server) Asked() (all []string) {
	s.locked(func() { all = append(all, s.asked...) })
	return all
}

func (s *Server) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	status := 0
	s.locked(func() { status = s.status })
	switch {
	case status != 0:
		if status >= 300 && status < 400 {
			w.Header().Set("Location", "https://elsewhere.example/")
		}
		w.WriteHeader(status)
	case s.Product.IsSnapPass():
		s.snapPass(w, r)
	default:
		s.onetimeSecret(w, r)
	}
}

// note takes a request down.
func (s *Server) note(what string) { s.locked(func() { s.asked = append(s.asked, what) }) }

// put keeps a value.
func (s *Server) put(k kept, seconds int64) (id string) {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	id = hex.EncodeToString(b)
	if s.Product.IsSnapPass() {
		id = "snappass" + id
	}
	s.locked(func() {
		k.until = s.now.Add(time.Duration(seconds) * time.Second)
		s.kept[id] = &k
	})
	return id
}

func (s *Server) made(link string) { s.locked(func() { s.links = append(s.links, link) }) }

// look finds a value that is there and has not ended.
func (s *Server) look(id string) (kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[id]
	if k == nil || !s.now.Before(k.until) {
		return kept{}, false
	}
	return *k, true
}

// take is look, and the value is gone: for one caller.
func (s *Server) take(id string) (kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[id]
	delete(s.kept, id)
	if k == nil || !s.now.Before(k.until) {
		return kept{}, false
	}
	return *k, true
}

// give lets an answer with a value go, or loses it.
func (s *Server) give(write func()) {
	var losing bool
	var gate chan struct{}
	s.locked(func() { losing, gate = s.losing, s.gate })
	if gate != nil {
		s.locked(func() { s.held++ })
		<-gate
	}
	if losing {
		panic(http.ErrAbortHandler)
	}
	s.locked(func() { s.given++ })
	write()
}

// fernet is a key in the form of SnapPass's.
func fernet() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.URLEncoding.EncodeToString(b)
}
