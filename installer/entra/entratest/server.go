package entratest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

const headerTimeout = 10 * time.Second

// Options says how a server is started.
type Options struct {
	State      State
	Listen     string           // host:port; "" is a free port of 127.0.0.1
	Hosts      []string         // further names and addresses for the certificate
	CAFile     string           // where the authority's certificate goes; "" for nowhere
	AdminToken string           // bearer token of the admin API; "" turns the API off
	Seed       uint64           // an odd one shifts flapping by one request
	Now        func() time.Time // nil is time.Now

	// Around stands before everything that is served: it may look at a request, hold
	// it, or end it. It may be nil.
	Around func(next http.Handler) http.Handler
}

// Server is a running emulator. Its methods may be called at any time, from
// any goroutine.
type Server struct {
	options       Options
	url           string
	pki           *pki
	http          *http.Server
	wordings      map[int]wording
	graphWordings map[string]graphWording
	now           func() time.Time

	mu        sync.Mutex
	directory *directory
	knobs     Knobs
	requests  []Request
	codes     map[string]*redeemable
	devices   map[string]*device // by device code
	tokens    map[string]Issued  // access tokens
	given     []Given
	signer    *signer
}

// New starts a server; Close ends it.
func New(o Options) (*Server, error) {
	s := &Server{
		options: o, now: o.Now, knobs: o.State.Knobs,
		codes: map[string]*redeemable{}, devices: map[string]*device{}, tokens: map[string]Issued{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.wordings, err = catalogue(); err != nil {
		return nil, err
	}
	if s.graphWordings, err = graphCatalogue(); err != nil {
		return nil, err
	}
	if s.directory, err = newDirectory(o.State, s.now()); err != nil {
		return nil, err
	}
	if s.pki, err = newPKI(o.Hosts); err != nil {
		return nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, err
	}
	// Only who got the address may touch the file: it may be another server's.
	if err := s.writeCA(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s.serve(listener)
	return s, nil
}

func (s *Server) writeCA() error {
	if s.options.CAFile == "" {
		return nil
	}
	// Public by nature: services of other accounts have to read it.
	if err := os.WriteFile(s.options.CAFile, s.pki.bundle, 0o644); err != nil {
		return fmt.Errorf("write the authority's certificate: %w", err)
	}
	return nil
}

func (s *Server) listen() (net.Listener, error) {
	address := s.options.Listen
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s.url = "https://" + listener.Addr().String()
	return listener, nil
}

func (s *Server) serve(listener net.Listener) {
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: headerTimeout,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // refused handshakes are what tests are about
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12,
			GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.pki.config(hello, s.knobs.TLS), nil
			},
		},
	}
	go func() { _ = s.http.ServeTLS(listener, "", "") }() // it ends with Close
}

// handler tells the surfaces apart by the first part of the path: Microsoft
// Graph (/v1.0) stands beside the tenants.
func (s *Server) handler() http.Handler {
	login := http.NewServeMux()
	login.Handle("POST /{tenant}/oauth2/v2.0/token", s.endpoint(endpointToken, (*call).token))
	login.Handle("POST /{tenant}/oauth2/v2.0/devicecode", s.endpoint(endpointDevice, (*call).deviceAuthorization))
	login.Handle("GET /{tenant}/v2.0/.well-known/openid-configuration", s.endpoint(endpointDiscovery, (*call).discover))
	login.Handle("GET /{tenant}/discovery/v2.0/keys", s.endpoint(endpointKeys, (*call).keys))
	login.Handle("GET /{tenant}/oauth2/v2.0/authorize", s.endpoint(endpointAuthorize, (*call).authorize))
	all := http.NewServeMux()
	all.Handle("/", login)
	all.HandleFunc("/v1.0/", s.graphHandler)
	all.Handle("GET /oidc/userinfo", s.endpoint(endpointUserInfo, (*call).userInfo))
	if s.options.AdminToken != "" {
		all.Handle("/admin/", s.admin())
	}
	if s.options.Around != nil {
		return s.options.Around(all)
	}
	return all
}

// clock is the server's own time; call it under the lock.
func (s *Server) clock() time.Time { return s.now().Add(s.knobs.ClockOffset) }

// URL is the https root without a final slash: the authority of the tests.
func (s *Server) URL() string { return s.url }

// CAPEM is the certificate of the authority that signed the server's.
func (s *Server) CAPEM() []byte { return s.pki.bundle }

// CAFile is where CAPEM was written to; "" for nowhere.
func (s *Server) CAFile() string { return s.options.CAFile }

// Close ends the server and every connection.
func (s *Server) Close() error {
	if err := s.http.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}
