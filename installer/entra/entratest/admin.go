package entratest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// AdminApp is an application in the admin API.
type AdminApp struct {
	Tenant       string          `json:"tenant,omitempty"`
	ClientID     string          `json:"clientId"`
	Name         string          `json:"name,omitempty"`
	Disabled     *bool           `json:"disabled,omitempty"` // absent: as it is
	Blocked      *bool           `json:"blocked,omitempty"`  // absent: as it is
	Public       *bool           `json:"public,omitempty"`   // absent: as it is
	RedirectURIs []string        `json:"redirectUris,omitempty"`
	Roles        []string        `json:"roles,omitempty"`
	Owners       []string        `json:"owners,omitempty"`
	Policy       *AdminPolicy    `json:"policy,omitempty"`    // absent: as it is
	Passwords    []AdminPassword `json:"passwords,omitempty"` // only in answers, without values
}

// AdminPolicy is an application's own app management policy in the admin API.
type AdminPolicy struct {
	NoSecrets bool `json:"noSecrets,omitempty"`
	MaxDays   int  `json:"maxDays,omitempty"` // 0: no limit
}

// AdminPassword is a password in the admin API.
type AdminPassword struct {
	App   string     `json:"app,omitempty"`
	KeyID string     `json:"keyId,omitempty"`
	Name  string     `json:"name,omitempty"`
	Hint  string     `json:"hint,omitempty"`
	Value string     `json:"value,omitempty"` // in a request; in an answer only where the server made it up
	Start *time.Time `json:"start,omitempty"`
	End   *time.Time `json:"end,omitempty"`
}

// AdminUser is who acts in the admin API; nobody is the tenant's first user.
type AdminUser struct {
	User string `json:"user,omitempty"` // e-mail address
}

// AdminRequests is the log of requests in the admin API.
type AdminRequests struct {
	Counts   map[string]map[string]int `json:"counts"` // token requests by application and outcome
	Requests []Request                 `json:"requests"`
}

func (s *Server) admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /admin/apps", s.listApps)
	mux.HandleFunc("PUT /admin/apps", s.putApp)
	mux.HandleFunc("POST /admin/passwords", s.postPassword)
	mux.HandleFunc("DELETE /admin/apps/{app}/passwords/{key}", onPassword(s.RemovePassword))
	mux.HandleFunc("POST /admin/apps/{app}/passwords/{key}/expire", onPassword(s.Expire))
	mux.HandleFunc("GET /admin/knobs", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.Knobs().Text(), nil) })
	mux.HandleFunc("PATCH /admin/knobs", s.patchKnobs)
	mux.HandleFunc("DELETE /admin/knobs", func(w http.ResponseWriter, _ *http.Request) {
		s.Set(Knobs{})
		reply(w, s.Knobs().Text(), nil)
	})
	mux.HandleFunc("GET /admin/requests", s.listRequests)
	mux.HandleFunc("GET /admin/devicecodes", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, append([]DeviceCode{}, s.DeviceCodes()...), nil)
	})
	mux.HandleFunc("POST /admin/devicecodes/{code}/approve", s.approve)
	mux.HandleFunc("POST /admin/devicecodes/{code}/decline", func(w http.ResponseWriter, r *http.Request) {
		reply(w, AdminUser{}, s.Decline(r.PathValue("code")))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := []byte(r.Header.Get("Authorization"))
		if subtle.ConstantTimeCompare(given, []byte("Bearer "+s.options.AdminToken)) != 1 {
			http.Error(w, `{"error":"the bearer token is missing or wrong"}`, http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *Server) listApps(w http.ResponseWriter, _ *http.Request) {
	all := []AdminApp{}
	for _, a := range s.Apps() {
		app := AdminApp{
			Tenant: a.Tenant, ClientID: a.ClientID, Name: a.Name,
			Disabled: &a.Disabled, Blocked: &a.Blocked,
			Public: &a.Public, RedirectURIs: a.RedirectURIs, Roles: a.Roles, Owners: a.Owners,
		}
		if a.Policy != nil {
			app.Policy = &AdminPolicy{NoSecrets: a.Policy.NoSecrets, MaxDays: int(a.Policy.MaxLifetime.Hours() / hoursOfDay)}
		}
		for _, p := range a.Passwords {
			app.Passwords = append(app.Passwords, shown(a.ClientID, p))
		}
		all = append(all, app)
	}
	reply(w, all, nil)
}

func shown(app string, p Password) AdminPassword {
	return AdminPassword{App: app, KeyID: p.KeyID, Name: p.Name, Hint: p.Hint(), Start: &p.Start, End: &p.End}
}

// putApp registers an application, or changes what the request names.
func (s *Server) putApp(w http.ResponseWriter, r *http.Request) {
	var in AdminApp
	if !read(w, r, &in) {
		return
	}
	err := s.ChangeApp(in.ClientID, in.change)
	if errors.Is(err, ErrUnknownApp) {
		app := App{Tenant: in.Tenant, ClientID: in.ClientID}
		in.change(&app)
		err = s.AddApp(app)
	}
	reply(w, map[string]string{"clientId": in.ClientID}, err)
}

func (in AdminApp) change(a *App) {
	if in.Name != "" {
		a.Name = in.Name
	}
	if in.Disabled != nil {
		a.Disabled = *in.Disabled
	}
	if in.Blocked != nil {
		a.Blocked = *in.Blocked
	}
	if in.Public != nil {
		a.Public = *in.Public
	}
	a.RedirectURIs = withThose(a.RedirectURIs, in.RedirectURIs)
	a.Roles = withThose(a.Roles, in.Roles)
	a.Owners = withThose(a.Owners, in.Owners)
	if in.Policy != nil {
		a.Policy = &Policy{NoSecrets: in.Policy.NoSecrets, MaxLifetime: time.Duration(in.Policy.MaxDays) * hoursOfDay * time.Hour}
	}
}

func withThose(known, more []string) []string {
	for _, one := range more {
		if !slices.Contains(known, one) {
			known = append(known, one)
		}
	}
	return known
}

func (s *Server) postPassword(w http.ResponseWriter, r *http.Request) {
	var in AdminPassword
	if !read(w, r, &in) {
		return
	}
	p := Password{KeyID: in.KeyID, Name: in.Name, Value: secret.New(in.Value)}
	if in.Start != nil {
		p.Start = *in.Start
	}
	if in.End != nil {
		p.End = *in.End
	}
	added, err := s.AddPassword(in.App, p)
	out := shown(in.App, added)
	if in.Value == "" {
		out.Value = added.Value.Reveal()
	}
	reply(w, out, err)
}

func onPassword(act func(app, key string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.PathValue("key")
		reply(w, map[string]string{"keyId": key}, act(r.PathValue("app"), key))
	}
}

func (s *Server) patchKnobs(w http.ResponseWriter, r *http.Request) {
	var turned map[string]string
	if read(w, r, &turned) {
		err := s.Turn(turned)
		reply(w, s.Knobs().Text(), err)
	}
}

func (s *Server) listRequests(w http.ResponseWriter, _ *http.Request) {
	out := AdminRequests{Counts: map[string]map[string]int{}, Requests: s.Requests()}
	for _, r := range out.Requests {
		if r.Endpoint != endpointToken {
			continue
		}
		if out.Counts[r.App] == nil {
			out.Counts[r.App] = map[string]int{}
		}
		out.Counts[r.App][r.Outcome]++
	}
	reply(w, out, nil)
}

func (s *Server) approve(w http.ResponseWriter, r *http.Request) {
	var in AdminUser
	if read(w, r, &in) {
		reply(w, in, s.Approve(r.PathValue("code"), in.User))
	}
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		// The decoder's text may quote a value.
		http.Error(w, `{"error":"the body is not the JSON that is due here"}`, http.StatusBadRequest)
		return false
	}
	return true
}

func reply(w http.ResponseWriter, body any, err error) {
	status := http.StatusOK
	if err != nil {
		status, body = statusOf(err), map[string]string{"error": err.Error()}
	}
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the client may have left
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrRefused):
		return http.StatusForbidden
	case errors.Is(err, ErrUnknownApp), errors.Is(err, ErrUnknownPassword), errors.Is(err, ErrUnknownCode), errors.Is(err, ErrUnknownUser):
		return http.StatusNotFound
	case errors.Is(err, ErrTaken):
		return http.StatusConflict
	default:
		return http.StatusBadRequest
	}
}
