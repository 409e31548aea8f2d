package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/empowersuite/backend-installer/installer/fault"
)

func TestEveryCodeHasOneExitStatus(t *testing.T) {
	seen := map[fault.Code]bool{}
	last := 0
	for _, row := range fault.Table() {
		if seen[row.Code] || row.Meaning == "" {
			t.Errorf("row %+v is not whole, or is there twice", row)
		}
		seen[row.Code] = true
		if row.Exit < last || row.Exit == 0 {
			t.Errorf("%s: exit status %d after %d", row.Code, row.Exit, last)
		}
		last = row.Exit
		if got := row.Code.Exit(); got != row.Exit {
			t.Errorf("%s: got %d, want %d", row.Code, got, row.Exit)
		}
	}
	if got := fault.Code("new").Exit(); got != 1 {
		t.Errorf("an unknown code: got %d, want 1", got)
	}
}

func TestAnErrorIsFoundInItsChain(t *testing.T) {
	cause := errors.New("no space left")
	e := fault.Wrap(fault.WriteFailed, cause, "write the file", "make space")
	if got, want := e.Error(), "write the file: no space left"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(e, cause) {
		t.Error("the cause is not found")
	}
	if got := fault.Of(fmt.Errorf("run: %w", e)); got != e {
		t.Errorf("got %v", got)
	}
	if got := fault.New(fault.Usage, "bad flag", "say --help").Error(); got != "bad flag" {
		t.Errorf("got %q", got)
	}
}

func TestAnErrorThatNobodyExplainedIsInternalAndHasARemedy(t *testing.T) {
	got := fault.Of(errors.New("surprise"))
	if got.Code != fault.Internal || got.Remedy == "" || fault.Of(nil) != nil {
		t.Errorf("got %+v", got)
	}
}
