package jsonc_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestTheDeepestNestingIsEditedAndDeeperIsRefused(t *testing.T) {
	for _, open := range []syntaxtest.Open{jsonc.Open, jsonc.OpenStrict} {
		for _, depth := range []int{100, syntax.MaxDepth - 1, syntax.MaxDepth} {
			text := `{"a":"x","b":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`
			out, err := syntaxtest.Set(open, []byte(text), "/a", "y")
			if want := strings.Replace(text, "x", "y", 1); err != nil || string(out) != want {
				t.Errorf("%d levels: %v", depth, err)
			}
		}
		for _, depth := range []int{syntax.MaxDepth + 1, 100_000} {
			_, err := syntaxtest.Set(open, []byte(strings.Repeat(`{"a":`, depth)), "/a", "y")
			if syntaxtest.KindOf(err) != syntax.Unsupported || len(err.Error()) > 100 {
				t.Errorf("%d levels: %v", depth, err)
			}
		}
	}
}

func TestTheWayThroughTheDeepestNestingIsFollowed(t *testing.T) {
	depth := syntax.MaxDepth
	text := strings.Repeat(`{"a":`, depth) + `"x"` + strings.Repeat("}", depth)
	out, err := syntaxtest.Set(jsonc.Open, []byte(text), strings.Repeat("/a", depth), "y")
	if want := strings.Replace(text, `"x"`, `"y"`, 1); err != nil || string(out) != want {
		t.Errorf("got %v", err)
	}
}
