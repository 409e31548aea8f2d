package onetimetest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
)

const maxTTL = 1209600

// snapPass answers as snappass/main.py does.
func (s *Server) snapPass(w http.ResponseWriter, r *http.Request) {
	token, inAPI := strings.CutPrefix(r.URL.Path, "/api/v2/passwords/")
	switch {
	case r.URL.Path == "/api/set_password/":
		s.note(r.Method + " set_password")
		s.setPassword(w, r)
	case s.Product == SnapPass && r.URL.Path == "/api/v2/passwords":
		s.note(r.Method + " v2 passwords")
		s.setPassword(w, r)
	case s.Product == SnapPass && inAPI:
		s.note(r.Method + " v2 password")
		s.readAPI(w, r, token)
	case strings.Count(r.URL.Path, "/") == 1 && len(r.URL.Path) > 1:
		s.note(r.Method + " page")
		s.page(w, r, strings.TrimPrefix(r.URL.Path, "/"))
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) setPassword(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	given := struct {
		Password string `json:"password"`
		TTL      int64  `json:"ttl"`
	}{TTL: maxTTL}
	v2 := r.URL.Path != "/api/set_password/"
	if json.NewDecoder(r.Body).Decode(&given) != nil || given.Password == "" || given.TTL > maxTTL {
		if v2 {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"title":"The password and/or the TTL are invalid.","invalid-params":[]}`)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	key := fernet()
	token := s.put(kept{value: given.Password, key: key}, given.TTL) + "~" + key
	page := s.URL() + "/" + url.QueryEscape(token)
	s.made(page)
	if !v2 {
		answer(w, http.StatusOK, map[string]any{"link": page, "ttl": given.TTL})
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"token": token, "ttl": given.TTL,
		"links": []map[string]string{
			{"rel": "self", "href": s.URL() + "/api/v2/passwords/" + url.QueryEscape(token)},
			{"rel": "web-view", "href": page},
		},
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // only texts, numbers and lists
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // to a caller that may have gone
}

func (s *Server) readAPI(w http.ResponseWriter, r *http.Request, token string) {
	id, key, _ := strings.Cut(token, "~")
	switch r.Method {
	case http.MethodHead:
		if _, there := s.look(id); !there {
			w.WriteHeader(http.StatusNotFound)
		}
	case http.MethodGet:
		k, there := s.take(id)
		switch {
		case !there:
			answer(w, http.StatusNotFound, map[string]any{"title": "The password doesn't exist."})
		case k.key != key: // InvalidToken, which nobody catches
			w.WriteHeader(http.StatusInternalServerError)
		default:
			s.give(func() { answer(w, http.StatusOK, map[string]string{"password": k.value}) })
		}
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// page is the preview, and what a POST reveals. The older one is an input.
func (s *Server) page(w http.ResponseWriter, r *http.Request, token string) {
	id, key, _ := strings.Cut(token, "~")
	if _, there := s.look(id); !there {
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, "<html>expired</html>")
		return
	}
	if r.Method != http.MethodPost {
		_, _ = fmt.Fprint(w, "<html>preview</html>")
		return
	}
	k, _ := s.take(id)
	if k.key != key {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	form := `<textarea rows="10" id="password-text" readonly="readonly">%s</textarea>`
	if s.Product == SnapPassOld {
		form = `<input type="text" class="input readonly-text" id="password-text" value="%s" readonly="readonly">`
	}
	s.give(func() { _, _ = fmt.Fprintf(w, "<html>"+form+"</html>", html.EscapeString(k.value)) })
}
