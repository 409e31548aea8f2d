package entratest

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const endpointGraph = "graph"

// The operations of Microsoft Graph, as the knob graph-answer-at and the log
// of requests name them.
const (
	graphRead   = "read"
	graphAdd    = "add"
	graphRemove = "remove"
	graphPolicy = "policy"
	graphOther  = "other"
)

// graphCall is one request to Microsoft Graph while it is answered.
type graphCall struct {
	*call
	holder Issued
	kind   string // applications, servicePrincipals, policies
	key    string // as the path has it; "" for the collection
	byApp  bool   // key is the application's client ID, not an object ID
	action string // what follows the object in the path
	act    string // the operation
}

// graphHandler is Microsoft Graph below /v1.0.
func (s *Server) graphHandler(w http.ResponseWriter, r *http.Request) {
	c, a := s.graphAnswer(r)
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("Date", c.clock.UTC().Format(http.TimeFormat))
	header.Set("Strict-Transport-Security", "max-age=31536000")
	header.Set("Request-Id", c.trace)
	header.Set("Client-Request-Id", c.correlation)
	header.Set("X-Ms-Ags-Diagnostic", `{"ServerInfo":{"DataCenter":"Germany West Central","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"FR2PEPF00000001"}}`)
	c.transmit(w, a)
}

func (s *Server) graphAnswer(r *http.Request) (*graphCall, answer) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxRequestBytes)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &graphCall{call: &call{
		server: s, request: r, form: url.Values{}, clock: s.clock(), trace: newGUID(),
		correlation: r.Header.Get("Client-Request-Id"),
	}}
	if !isGUID(c.correlation) {
		c.correlation = newGUID()
	}
	c.parse()
	a := c.graphInstead(s.nextGraph(c.act))
	s.note(Request{
		Time: c.clock, Endpoint: endpointGraph, Grant: c.act, Tenant: c.holder.Tenant, App: guidOrNothing(c.holder.ClientID),
		KeyID: c.keyID, Outcome: a.outcome, Status: a.status,
	})
	return c, a
}

// parse reads the path: /v1.0/applications/ID/addPassword, or the form
// /v1.0/applications(appId='ID')/addPassword.
func (c *graphCall) parse() {
	parts := strings.Split(strings.TrimPrefix(c.request.URL.Path, "/v1.0/"), "/")
	c.kind = parts[0]
	rest := parts[1:]
	if m := regexp.MustCompile(`^(applications|servicePrincipals)\(appId='([^']*)'\)$`).FindStringSubmatch(parts[0]); m != nil {
		c.kind, c.key, c.byApp = m[1], m[2], true
	} else if len(rest) > 0 {
		c.key, rest = rest[0], rest[1:]
	}
	c.action = strings.Join(rest, "/")
	c.act = c.operation()
}

func (c *graphCall) operation() string {
	words := map[string]string{
		"GET applications ": graphRead, "GET servicePrincipals ": graphRead, "GET applications owners": graphRead,
		"POST applications addPassword": graphAdd, "POST applications removePassword": graphRemove,
		"GET applications appManagementPolicies": graphPolicy, "GET policies ": graphPolicy,
	}
	if act, ok := words[c.request.Method+" "+c.kind+" "+c.action]; ok {
		return act
	}
	return graphOther
}

// nextGraph takes the answer for one request at an operation; call it under
// the lock.
func (s *Server) nextGraph(act string) Answer {
	k := &s.knobs
	if k.GraphAnswer == Truth || k.GraphAnswerAt != "" && k.GraphAnswerAt != act {
		return Truth
	}
	demanded := k.GraphAnswer
	if k.GraphAnswerCount > 0 {
		k.GraphAnswerCount--
		if k.GraphAnswerCount == 0 {
			k.GraphAnswer = Truth
		}
	}
	return demanded
}

// graphInstead is the answer that a knob demands, or the true one.
func (c *graphCall) graphInstead(demanded Answer) answer {
	if demanded == Truth {
		return c.serve()
	}
	if _, known := c.server.graphWordings[string(demanded)]; known {
		return c.retryAfter(c.deny(string(demanded), "{key}", c.key))
	}
	if demanded == Lost {
		c.serve()
		return answer{manner: Cut, outcome: string(Lost)}
	}
	a := c.fault(demanded, func(*call) answer { return c.serve() })
	a.outcome = string(demanded)
	return a
}

// serve is the true answer.
func (c *graphCall) serve() answer {
	if a, ok := c.admit(); !ok {
		return a
	}
	switch {
	case c.act == graphOther:
		return c.deny("bad-request")
	case c.kind == "policies":
		return c.defaultPolicy()
	case c.key == "":
		return c.list()
	}
	app, ok := c.find()
	if !ok {
		return c.deny("not-found", "{key}", c.key)
	}
	if !c.may(app) {
		return c.deny("forbidden")
	}
	switch c.request.Method + " " + c.action {
	case "GET owners":
		return c.owners(app)
	case "GET appManagementPolicies":
		return c.appPolicies(app)
	case "POST addPassword":
		return c.addPassword(app)
	case "POST removePassword":
		return c.removePassword(app)
	}
	return c.object(app)
}

// find is the object that the path names. A replica that is behind does not
// know a fresh one.
func (c *graphCall) find() (*application, bool) {
	for _, app := range c.server.directory.apps {
		if app.Tenant != c.holder.Tenant || app.created.After(c.seen()) {
			continue
		}
		id := applicationID(app.ClientID)
		if c.kind == "servicePrincipals" {
			id = objectID(app.ClientID)
		}
		if c.byApp {
			id = app.ClientID
		}
		if strings.EqualFold(id, c.key) {
			return app, true
		}
	}
	return nil, false
}

// list is the collection with $filter=appId eq '…', the only filter known here.
func (c *graphCall) list() answer {
	m := regexp.MustCompile(`^appId eq '([^']*)'$`).FindStringSubmatch(c.request.URL.Query().Get("$filter"))
	if m == nil || c.action != "" || c.request.Method != http.MethodGet {
		return c.deny("bad-request")
	}
	if !c.mayList() {
		return c.deny("forbidden")
	}
	c.key, c.byApp = m[1], true
	found := []any{}
	if app, ok := c.find(); ok {
		found = append(found, c.describe(app))
	}
	return c.json(http.StatusOK, map[string]any{"@odata.context": c.context(c.kind), "value": found})
}

func (c *graphCall) context(of string) string {
	return c.server.directory.graph + "/v1.0/$metadata#" + of
}

// graphWording is how one error is answered.
type graphWording struct {
	Name       string `yaml:"name"`
	Status     int    `yaml:"status"`
	Code       string `yaml:"code"`
	Text       string `yaml:"text"`
	Detail     string `yaml:"detail"`
	Target     string `yaml:"target"`
	TwoMembers bool   `yaml:"twoMembers"` // innerError without client-request-id
	Source     string `yaml:"source"`
}

// deny is the answer with an error of graph.yaml; pairs fill the wording's places.
func (c *graphCall) deny(name string, pairs ...string) answer {
	w := c.server.graphWordings[name]
	text := strings.NewReplacer(append(pairs, "{policy}", defaultPolicyID, "{key}", c.key)...).Replace(w.Text)
	inner := map[string]string{
		"date": c.clock.UTC().Format("2006-01-02T15:04:05Z"), "request-id": c.trace, "client-request-id": c.correlation,
	}
	if w.TwoMembers {
		delete(inner, "client-request-id")
	}
	said := map[string]any{"code": w.Code, "message": text, "innerError": inner}
	if w.Detail != "" {
		said["details"] = []map[string]string{{"code": w.Detail, "message": text, "target": w.Target}}
	}
	a := c.json(w.Status, map[string]any{"error": said})
	a.outcome = name
	switch w.Status {
	case http.StatusUnauthorized:
		a.header.Set("WWW-Authenticate", `Bearer realm="", authorization_uri="https://`+c.request.Host+`/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`)
	case http.StatusTooManyRequests:
		a.header.Set("Retry-After", strconv.Itoa(graphThrottling))
	}
	return a
}
