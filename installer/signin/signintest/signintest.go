// Package signintest is the contract of a signin.Source, and a Source for tests of
// flows.
package signintest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
)

// Run proves that a Source keeps the contract. Open makes a new one, whose
// sign-in succeeds.
func Run(t *testing.T, open func(t *testing.T) signin.Source) {
	t.Helper()
	t.Run("one sign-in", func(t *testing.T) { oneSignIn(t, open(t)) })
	t.Run("goroutines", func(t *testing.T) { severalAtOnce(t, open(t)) })
	t.Run("cancelled", func(t *testing.T) { cancelled(t, open(t)) })
}

func oneSignIn(t *testing.T, source signin.Source) {
	t.Helper()
	first, err := source.Token(t.Context())
	if err != nil || first.IsZero() {
		t.Fatalf("got %d bytes, %v, want a token", first.Len(), err)
	}
	if again, err := source.Token(t.Context()); err != nil || !again.Equal(first) {
		t.Errorf("again: got another token, or %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v", source, source, source); strings.Contains(text, first.Reveal()) {
		t.Error("the source prints its token")
	}
}

func severalAtOnce(t *testing.T, source signin.Source) {
	t.Helper()
	const callers = 4
	got := make(chan secret.Value, callers)
	for range callers {
		go func() {
			value, err := source.Token(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- value
		}()
	}
	first := <-got
	for range callers - 1 {
		if value := <-got; !value.Equal(first) {
			t.Error("two callers have two tokens")
		}
	}
}

func cancelled(t *testing.T, source signin.Source) {
	t.Helper()
	cause := errors.New("the test ends it")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if value, err := source.Token(ctx); !errors.Is(err, cause) || !value.IsZero() {
		t.Errorf("got %d bytes, %v, want %v", value.Len(), err, cause)
	}
}

// Fake is a Source that gives a token, or an error, and counts.
type Fake struct {
	Value secret.Value
	Err   error

	mu    sync.Mutex
	asked int
}

// Token gives Value, or Err.
func (f *Fake) Token(ctx context.Context) (secret.Value, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	switch {
	case ctx.Err() != nil:
		return secret.Value{}, context.Cause(ctx)
	case f.Err != nil:
		return secret.Value{}, f.Err
	}
	return f.Value, nil
}

// Asked is how often Token was called.
func (f *Fake) Asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}
