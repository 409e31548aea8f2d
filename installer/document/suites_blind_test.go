//go:build suites

package document_test

import "testing"

// TestSuiteReadersAreNotBlind shows each reader what an edit must not do.
func TestSuiteReadersAreNotBlind(t *testing.T) {
	type edit struct{ before, after, value string }
	check := func(t *testing.T, r reader, right edit, wrong ...edit) {
		t.Helper()
		for _, e := range append(wrong, right) {
			leaves, err := r.read([]byte(e.before))
			if err != nil {
				t.Fatalf("%q: %v", e.before, err)
			}
			what := reading{r, leaves}.compare([]byte(e.after), leaf{path: "/a"}, e.value)
			if (what == "") != (e == right) {
				t.Errorf("%s: %q for %q made %q", r.name, what, e.before, e.after)
			}
		}
	}
	t.Run("JSON", func(t *testing.T) {
		for _, r := range []reader{standard(), bare(), python(t, "json")} {
			check(t, r, edit{`{"a":"x","b":1}`, `{"a":"y","b":1}`, "y"},
				edit{`{"a":"x","b":1}`, `{"a":"z","b":1}`, "y"}, edit{`{"a":"x","b":1}`, `{"a":"y","b":2}`, "y"},
				edit{`{"a":"x","b":1}`, `{"a":"y","b":1,"b":1}`, "y"}, edit{`{"a":"x","b":{}}`, `{"a":"y","b":[]}`, "y"},
				edit{`{"a":"x"}`, `{"a":1}`, "1"}, edit{`{"a":"x"}`, `{"a":"y"`, "y"}, edit{`{"a":"x"}`, `{"a":"y"}}`, "y"},
				edit{`{"a":"x","b":1.0}`, `{"a":"y","b":1}`, "y"})
		}
	})
	t.Run("YAML", func(t *testing.T) {
		check(t, python(t, "yaml"), edit{"a: x\nb: 1\n", "a: 'yes'\nb: 1\n", "yes"},
			edit{"a: x\n", "a: yes\n", "yes"}, edit{"a: x\n", "a: # y\n", "# y"}, edit{"a: x\nb: 1\n", "a: y\nb: '1'\n", "y"},
			edit{"a: x\n---\nb: 1\n", "a: y\n", "y"}, edit{"a: &a x\nb: *a\n", "a: &a y\nb: *a\n", "y"}, edit{"a: x\n", "a: y\n---\n", "y"})
	})
	t.Run("TOML", func(t *testing.T) {
		check(t, python(t, "toml"), edit{"a = 'x'\nb = 1\n", "a = 'y'\nb = 1\n", "y"},
			edit{"a = 'x'\nb = 1\n", "a = 'y'\nb = 1.0\n", "y"}, edit{"a = 'x'\n", "a = 1\n", "1"}, edit{"a = 'x'\n", "a = 'y'\n[b]\n", "y"})
	})
}
