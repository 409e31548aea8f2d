package onetimetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Open makes the driver of a server.
type Open func(t *testing.T, s *Server) onetime.Server

// value has what forms, addresses, HTML and JSON escape.
const value = `TST8Q~a&b=c+d%20<e>"f'/` + "\u00fc"

// Run is the contract that every driver keeps with a product.
func Run(t *testing.T, product Product, open Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *Server, onetime.Server){
		"what is put is taken once":              takenOnce,
		"a look consumes nothing":                looked,
		"a life ends":                            lifeEnds,
		"many takers, and one gets it":           manyTakers,
		"an answer that is lost says so":         answerLost,
		"a server that refuses consumes nothing": refuses,
		"a passphrase is wanted":                 passphrase,
		"a wrong key destroys":                   wrongKey,
	} {
		t.Run(name, func(t *testing.T) {
			s := Start(product, true)
			t.Cleanup(s.Close)
			test(t, s, open(t, s))
		})
	}
}

func put(t *testing.T, driver onetime.Server, phrase string) onetime.Link {
	t.Helper()
	placed, err := driver.Put(t.Context(), onetime.Offer{Value: secret.New(value), TTL: time.Hour, Passphrase: secret.New(phrase)})
	if err != nil {
		t.Fatal(err)
	}
	if placed.TTL != time.Hour {
		t.Errorf("got a life of %s, want 1h", placed.TTL)
	}
	link, err := onetime.ParseLink(placed.Link)
	if err != nil {
		t.Fatal(err)
	}
	return link
}

func why(t *testing.T, err error) onetime.Reason {
	t.Helper()
	var failed *onetime.Error
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want an *onetime.Error", err)
	}
	return failed.Why
}

func takenOnce(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	got, err := driver.Take(t.Context(), link, secret.Value{})
	if err != nil || !got.Equal(secret.New(value)) {
		t.Fatalf("got another value than was put, or %v", err)
	}
	if _, err := driver.Take(t.Context(), link, secret.Value{}); why(t, err) != onetime.Gone {
		t.Errorf("got %v, want link-gone", err)
	}
	if s.Given() != 1 {
		t.Errorf("the value was given %d times", s.Given())
	}
}

func looked(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	for range 3 {
		if state, err := driver.Peek(t.Context(), link); err != nil || state.Known && !state.There {
			t.Fatalf("got %+v, %v, want that it is there", state, err)
		}
	}
	if s.Given() != 0 {
		t.Fatal("a look gave the value away")
	}
	if _, err := driver.Take(t.Context(), link, secret.Value{}); err != nil {
		t.Fatal(err)
	}
	if state, err := driver.Peek(t.Context(), link); err != nil || state.There || !state.Known && s.Product != OnetimeSecretV1 {
		t.Errorf("got %+v, %v, want that it is gone", state, err)
	}
}

func lifeEnds(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	s.Advance(time.Hour)
	if state, err := driver.Peek(t.Context(), link); err != nil || state.There {
		t.Errorf("got %+v, %v, want that it is gone", state, err)
	}
	if _, err := driver.Take(t.Context(), link, secret.Value{}); why(t, err) != onetime.Gone {
		t.Errorf("got %v, want link-gone", err)
	}
}

func manyTakers(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	var got, gone int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			v, err := driver.Take(t.Context(), link, secret.Value{})
			var failed *onetime.Error
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && v.Equal(secret.New(value)):
				got++
			case errors.As(err, &failed) && failed.Why == onetime.Gone:
				gone++
			}
		})
	}
	all.Wait()
	if got != 1 || gone != 15 || s.Given() != 1 {
		t.Errorf("%d got it, %d found it gone, it was given %d times; want 1, 15, 1", got, gone, s.Given())
	}
}

func answerLost(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	s.LoseAnswers(true)
	_, err := driver.Take(t.Context(), link, secret.Value{})
	if why(t, err) != onetime.Lost {
		t.Errorf("got %v, want answer-lost", err)
	}
	s.LoseAnswers(false)
	if _, err := driver.Take(t.Context(), link, secret.Value{}); why(t, err) != onetime.Gone {
		t.Errorf("got %v, want link-gone: the request that failed was not repeated", err)
	}
}

func refuses(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	link := put(t, driver, "")
	for status, want := range map[int]onetime.Reason{
		401: onetime.Refused, 403: onetime.Refused, 429: onetime.Refused, 301: onetime.NotServer, 502: onetime.Lost,
	} {
		s.AnswerWith(status)
		if _, err := driver.Take(t.Context(), link, secret.Value{}); why(t, err) != want {
			t.Errorf("status %d: got %v, want %s", status, err, want)
		}
		if _, err := driver.Put(t.Context(), onetime.Offer{Value: secret.New(value), TTL: time.Hour}); err == nil {
			t.Errorf("status %d: a value was put", status)
		}
	}
	s.AnswerWith(0)
	if _, err := driver.Take(t.Context(), link, secret.Value{}); err != nil {
		t.Error(err)
	}
}

func passphrase(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	if s.Product.IsSnapPass() {
		_, err := driver.Put(t.Context(), onetime.Offer{Value: secret.New(value), TTL: time.Hour, Passphrase: secret.New("x")})
		if form := new(onetime.FormError); !errors.As(err, &form) || len(s.Links()) != 0 {
			t.Errorf("got %v, want that SnapPass knows no passphrase", err)
		}
		return
	}
	link := put(t, driver, "open & <sesame>")
	if state, err := driver.Peek(t.Context(), link); err != nil || state.Known && !state.Passphrase {
		t.Errorf("got %+v, %v, want that a passphrase is wanted", state, err)
	}
	want := onetime.WrongPassphrase
	if s.Product == OnetimeSecretV1 {
		want = onetime.Gone // it does not tell
	}
	for _, wrong := range []string{"", "sesame"} {
		if _, err := driver.Take(t.Context(), link, secret.New(wrong)); why(t, err) != want {
			t.Errorf("%q: got %v, want %s", wrong, err, want)
		}
	}
	if got, err := driver.Take(t.Context(), link, secret.New("open & <sesame>")); err != nil || !got.Equal(secret.New(value)) {
		t.Errorf("got another value than was put, or %v", err)
	}
}

func wrongKey(t *testing.T, s *Server, driver onetime.Server) {
	t.Helper()
	if !s.Product.IsSnapPass() {
		return // its links have no key of their own
	}
	right := put(t, driver, "")
	whole := right.Whole().Reveal()
	wrong, err := onetime.ParseLink(secret.New(whole[:len(whole)-len(fernet())-2] + fernet()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := driver.Take(t.Context(), wrong, secret.Value{}); why(t, err) != onetime.WrongKey {
		t.Errorf("got %v, want link-key-wrong", err)
	}
	if _, err := driver.Take(t.Context(), right, secret.Value{}); why(t, err) != onetime.Gone {
		t.Errorf("got %v, want link-gone", err)
	}
}
