package explain_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
)

func TestEveryCauseOfGraphHasWordsAndARemedy(t *testing.T) {
	seen := map[string]graph.Cause{}
	for _, cause := range graph.Causes() {
		got := fault.Of(explain.Graph(&graph.Error{Cause: cause, Host: "graph.microsoft.com", Message: "said", RequestID: "r"}, "try"))
		if before, twice := seen[got.What]; twice || !strings.HasPrefix(got.What, "try: ") || len(got.Remedy) < 60 {
			t.Errorf("%s: got %q with %q, as %q", cause, got.What, got.Remedy, before)
		}
		seen[got.What] = cause
		if got.Code != fault.GraphRefused && got.Code != fault.EntraNoVerdict || !strings.HasSuffix(got.Error(), ": said (request ID r)") {
			t.Errorf("%s: got %s, %q", cause, got.Code, got.Error())
		}
	}
}

func TestWhatIsBetweenHereAndGraphIsNoVerdict(t *testing.T) {
	for _, class := range exchange.Classes() {
		got := fault.Of(explain.Graph(&exchange.Error{Class: class, Host: "graph.microsoft.com"}, "try"))
		if got.Code != fault.EntraNoVerdict || got.Remedy == "" || strings.Contains(got.What, "secret") {
			t.Errorf("%s: got %+v", class, got)
		}
	}
}

func TestGraphThatCannotBeAskedIsExplained(t *testing.T) {
	for err, want := range map[error]fault.Code{
		graph.ErrClientID: fault.Usage, context.Canceled: fault.Cancelled, errors.New("no https address"): fault.Usage,
	} {
		if got := fault.Of(explain.Graph(err, "try")); got.Code != want || got.Remedy == "" {
			t.Errorf("%v: got %+v, want %s", err, got, want)
		}
	}
	if err := explain.Graph(nil, "try"); err != nil {
		t.Errorf("got %v, want none", err)
	}
}
