package onetimetest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// onetimeSecret answers as apps/api of Onetime Secret does.
func (s *Server) onetimeSecret(w http.ResponseWriter, r *http.Request) {
	version, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/"), "/")
	switch {
	case r.URL.Path == "/api/v1/status", s.Product == OnetimeSecret && r.URL.Path == "/api/v2/status":
		s.note("GET status")
		answer(w, http.StatusOK, map[string]string{"status": "nominal", "locale": "en"})
	case version == "v1" && rest == "share" && r.Method == http.MethodPost:
		s.note("POST v1 share")
		s.share(w, r)
	case version == "v1" && r.Method == http.MethodPost && strings.HasPrefix(rest, "secret/"):
		s.note("POST v1 secret")
		s.showV1(w, strings.TrimPrefix(rest, "secret/"), r.FormValue("passphrase"))
	case version == "v2" && s.Product == OnetimeSecret:
		s.version2(w, r, rest)
	default:
		unknown(w)
	}
}

func unknown(w http.ResponseWriter) {
	answer(w, http.StatusNotFound, map[string]string{"message": "Unknown secret"})
}

func (s *Server) share(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.ParseInt(r.FormValue("ttl"), 10, 64)
	if err != nil || r.FormValue("secret") == "" {
		answer(w, http.StatusNotFound, map[string]string{"message": "You did not provide anything to share"})
		return
	}
	phrase := r.FormValue("passphrase")
	id := s.put(kept{value: r.FormValue("secret"), passphrase: phrase}, seconds)
	s.made(s.URL() + "/secret/" + id)
	answer(w, http.StatusOK, map[string]any{
		"custid": "anon", "secret_key": id, "secret_ttl": seconds, "state": "new", "passphrase_required": phrase != "",
	})
}

// showV1 tells nothing but a value: whatever is wrong is an unknown secret.
func (s *Server) showV1(w http.ResponseWriter, id, phrase string) {
	if k, there := s.look(id); !there || k.passphrase != phrase {
		unknown(w)
		return
	}
	k, there := s.take(id)
	if !there {
		unknown(w)
		return
	}
	s.give(func() { answer(w, http.StatusOK, map[string]string{"value": k.value, "secret_key": id}) })
}

func (s *Server) version2(w http.ResponseWriter, r *http.Request, rest string) {
	parts := strings.Split(rest, "/")
	switch {
	case r.Method == http.MethodPost && rest == "secret/conceal":
		s.note("POST v2 conceal")
		s.conceal(w, r)
	case r.Method == http.MethodGet && len(parts) == 3 && parts[2] == "status":
		s.note("GET v2 status of a secret")
		k, there := s.look(parts[1])
		if !there {
			answer(w, http.StatusOK, map[string]any{"record": map[string]any{"state": "unknown"}})
			return
		}
		answer(w, http.StatusOK, map[string]any{"record": dump(parts[1], k)})
	case r.Method == http.MethodPost && len(parts) == 3 && parts[2] == "reveal":
		s.note("POST v2 reveal")
		s.reveal(w, r, parts[1])
	default:
		unknown(w)
	}
}

func dump(id string, k kept) map[string]any {
	return map[string]any{"identifier": id, "state": "new", "has_passphrase": k.passphrase != ""}
}

func (s *Server) conceal(w http.ResponseWriter, r *http.Request) {
	var given struct {
		Secret struct {
			Kind       string `json:"kind"`
			Secret     string `json:"secret"`
			TTL        int64  `json:"ttl"`
			Passphrase string `json:"passphrase"`
		} `json:"secret"`
	}
	if json.NewDecoder(r.Body).Decode(&given) != nil || given.Secret.Kind != "conceal" || given.Secret.Secret == "" {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"success": false, "message": "You did not provide anything to share"})
		return
	}
	id := s.put(kept{value: given.Secret.Secret, passphrase: given.Secret.Passphrase}, given.Secret.TTL)
	s.made(s.URL() + "/secret/" + id)
	record := dump(id, kept{passphrase: given.Secret.Passphrase})
	record["secret_ttl"] = strconv.FormatInt(given.Secret.TTL, 10) // v2 writes texts
	answer(w, http.StatusOK, map[string]any{"success": true, "record": map[string]any{"secret": record}})
}

func (s *Server) reveal(w http.ResponseWriter, r *http.Request, id string) {
	var given struct {
		Passphrase string `json:"passphrase"`
		Continue   bool   `json:"continue"`
	}
	if json.NewDecoder(r.Body).Decode(&given) != nil || !given.Continue {
		unknown(w)
		return
	}
	if k, there := s.look(id); there && k.passphrase != given.Passphrase {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"success": false, "message": "Incorrect passphrase"})
		return
	}
	k, there := s.take(id)
	if !there {
		unknown(w)
		return
	}
	record := dump(id, k)
	record["secret_value"] = k.value
	s.give(func() { answer(w, http.StatusOK, map[string]any{"record": record}) })
}
