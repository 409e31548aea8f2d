package kit

import (
	"encoding/json"
	"testing"
)

// Outcome is how a run of a program ended.
type Outcome struct {
	Exit   int
	Stdout string
	Stderr string
}

// Result is what --output json prints.
type Result struct {
	Result     string     `json:"result"`
	Changed    bool       `json:"changed"`
	Code       string     `json:"code"`
	Credential Credential `json:"credential"`
}

// WantResult reads what --output json printed, which has to say this.
func WantResult(t *testing.T, o Outcome, want string) Result {
	t.Helper()
	var r Result
	if err := json.Unmarshal([]byte(o.Stdout), &r); err != nil {
		t.Fatalf("stdout is not one object: %v\n%s", err, o.Stdout)
	}
	if r.Result != want || r.Changed != (want == "changed") {
		t.Fatalf("got result %q, changed %v, want %q\n%s\n%s", r.Result, r.Changed, want, o.Stdout, o.Stderr)
	}
	return r
}
