package entratest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const maxRequestBytes = 1 << 20

// The endpoints, as knobs and the log of requests name them.
const (
	endpointToken     = "token"
	endpointDiscovery = "discovery"
	endpointKeys      = "keys"
	endpointAuthorize = "authorize"
	endpointUserInfo  = "userinfo"
	endpointDevice    = "devicecode"
)

// call is one request to a sign-in endpoint while it is answered.
type call struct {
	server     *Server
	request    *http.Request
	form       url.Values // of the body, or of the query of a GET
	clock      time.Time  // the server's
	tenantName string     // as the path has it
	tenant     Tenant
	grant      string
	appName    string
	keyID      string

	trace, correlation string
}

// answer is what goes back.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	code    int    // AADSTS number, 0 for none
	outcome string // one word for the log of requests
	manner  Answer // how the body is sent
}

// endpoint makes a handler of one sign-in endpoint: it asks the knobs first,
// holds the server's lock while it finds the answer, and notes the request.
func (s *Server) endpoint(name string, find func(*call) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, a := s.find(name, r, find)
		c.send(w, a)
	}
}

func (s *Server) find(name string, r *http.Request, find func(*call) answer) (*call, answer) {
	form := readForm(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{
		server: s, request: r, form: form, clock: s.clock(), tenantName: r.PathValue("tenant"),
		trace: newGUID(), correlation: r.Header.Get("Client-Request-Id"), grant: form.Get("grant_type"),
	}
	if !isGUID(c.correlation) {
		c.correlation = newGUID()
	}
	a := c.instead(s.next(name), find)
	s.note(Request{
		Time: c.clock, Endpoint: name, Tenant: c.tenantName, App: guidOrNothing(c.form.Get("client_id")), Grant: c.grant,
		KeyID: c.keyID, Outcome: a.outcome, Code: a.code, Status: a.status,
	})
	return c, a
}

// guidOrNothing keeps what was sent in the wrong place out of the log.
func guidOrNothing(text string) string {
	if isGUID(text) {
		return text
	}
	return ""
}

// readForm reads what Entra ID would: a form in the body, never the query of a
// POST; credentials may also come as HTTP Basic.
func readForm(r *http.Request) url.Values {
	if r.Method != http.MethodPost {
		return r.URL.Query()
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxRequestBytes)
	if err := r.ParseForm(); err != nil {
		return url.Values{}
	}
	form := r.PostForm
	if id, value, ok := r.BasicAuth(); ok && !form.Has("client_secret") {
		setUnescaped(form, "client_id", id)
		setUnescaped(form, "client_secret", value)
	}
	return form
}

// setUnescaped follows RFC 6749: user and password of HTTP Basic are
// form-encoded.
func setUnescaped(form url.Values, name, text string) {
	if plain, err := url.QueryUnescape(text); err == nil {
		text = plain
	}
	form.Set(name, text)
}

func (*call) json(status int, body any) answer {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return page(http.StatusInternalServerError, "text/plain", err.Error())
	}
	a := page(status, "application/json; charset=utf-8", strings.TrimSuffix(text.String(), "\n"))
	a.outcome = "ok"
	return a
}

func page(status int, kind, text string) answer {
	return answer{
		status: status, body: []byte(text), outcome: "page",
		header: http.Header{"Content-Type": {kind}},
	}
}

// send writes the headers of the real service and the body.
func (c *call) send(w http.ResponseWriter, a answer) {
	header := w.Header()
	header.Set("Cache-Control", "no-store, no-cache")
	header.Set("Pragma", "no-cache")
	header.Set("Expires", "-1")
	header.Set("Date", c.clock.UTC().Format(http.TimeFormat))
	header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-XSS-Protection", "0")
	header.Set("P3P", `CP="DSP CUR OTPi IND OTRi ONL FIN"`)
	header.Set("X-Ms-Request-Id", c.trace)
	header.Set("X-Ms-Ests-Server", "2.1.19568.3 - WEULR1 ProdSlices")
	header.Set("Set-Cookie", "x-ms-gateway-slice=estsfd; path=/; secure; samesite=none; httponly")
	if id := c.request.Header.Get("Client-Request-Id"); id != "" && c.request.Header.Get("Return-Client-Request-Id") == "true" {
		header.Set("Client-Request-Id", id)
	}
	c.transmit(w, a)
}

// transmit writes the answer's own headers and the body, in the answer's manner.
func (c *call) transmit(w http.ResponseWriter, a answer) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	if a.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	switch a.manner {
	case SlowBody:
		drip(w, c.request, a)
	case NoAnswer:
		pause(c.request, silence)
		panic(http.ErrAbortHandler) // ends the connection without an answer
	case Cut:
		panic(http.ErrAbortHandler)
	default:
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body) // the client may have left
	}
}
