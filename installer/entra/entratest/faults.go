package entratest

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

const (
	hugeBytes  = 32 << 20
	dripEvery  = 100 * time.Millisecond
	silence    = time.Minute
	throttling = time.Minute
)

// instead is the answer that a knob demands; find gives the true one.
func (c *call) instead(demanded Answer, find func(*call) answer) answer {
	if code, err := strconv.Atoi(string(demanded)); err == nil {
		return c.retryAfter(c.refuse(code))
	}
	if demanded == Truth {
		return find(c)
	}
	a := c.fault(demanded, find)
	a.outcome = string(demanded)
	return a
}

func (c *call) fault(demanded Answer, find func(*call) answer) answer {
	switch demanded {
	case Throttled:
		a := page(http.StatusTooManyRequests, "text/plain", "Too Many Requests")
		a.header.Set("Retry-After", seconds(throttling))
		return c.retryAfter(a)
	case Gateway:
		return c.retryAfter(html(http.StatusBadGateway, "502 Bad Gateway"))
	case ProxyPage:
		return html(http.StatusOK, "Please log in to use this network")
	case ProxyAuth:
		a := html(http.StatusProxyAuthRequired, "Proxy authentication required")
		a.header.Set("Proxy-Authenticate", `Basic realm="proxy"`)
		return a
	case Redirect:
		a := html(http.StatusFound, "Object moved")
		a.header.Set("Location", "https://proxy.test.example/login")
		return a
	case Malformed:
		a := c.json(http.StatusOK, nil)
		a.body = []byte(`{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"` +
			c.server.gave(AccessToken, "eyJ0eXAiOiJKV1QiLCJub25jZSI6"))
		return a
	case NoToken:
		return c.json(http.StatusOK, map[string]string{"token_type": "Bearer"})
	case Huge:
		a := c.json(http.StatusOK, nil)
		a.body = append([]byte(`{"access_token":"`), bytes.Repeat([]byte("A"), hugeBytes)...)
		return a
	case SlowBody:
		a := find(c)
		a.manner = SlowBody
		return a
	case NoAnswer, Cut:
		return answer{manner: demanded}
	default:
		return page(http.StatusInternalServerError, "text/plain", "no such answer: "+string(demanded))
	}
}

func (c *call) retryAfter(a answer) answer {
	if wait := c.server.knobs.RetryAfter; wait > 0 && a.status >= http.StatusTooManyRequests {
		a.header.Set("Retry-After", seconds(wait))
	}
	return a
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Second) / time.Second)) }

func html(status int, title string) answer {
	return page(status, "text/html; charset=utf-8",
		"<!DOCTYPE html>\n<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n")
}

// drip sends the body one byte at a time. Where the client leaves, the answer
// must not look whole to it in its last moment.
func drip(w http.ResponseWriter, r *http.Request, a answer) {
	w.WriteHeader(a.status)
	out := http.NewResponseController(w)
	for _, b := range a.body {
		_, err := w.Write([]byte{b})
		if err == nil {
			err = out.Flush()
		}
		if err != nil || !pause(r, dripEvery) {
			panic(http.ErrAbortHandler)
		}
	}
}

// pause reports whether the client is still there afterwards.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-timer.C:
		return true
	}
}
