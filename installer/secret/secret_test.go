package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const marked = "TST8Q~not-a-real-secret-0000000000000001"

type holder struct {
	Name  string
	Value secret.Value
	Many  []secret.Value
	ByKey map[string]secret.Value
}

// Whatever is done to a struct that holds one, the text does not come out.
func TestAValueCannotBePrinted(t *testing.T) {
	v := secret.New(marked)
	h := holder{"x", v, []secret.Value{v}, map[string]secret.Value{"a": v}}
	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := v.MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "value", v, "holder", h)
	for name, text := range map[string]string{
		"%v": fmt.Sprintf("%v", h), "%+v": fmt.Sprintf("%+v", h), "%#v": fmt.Sprintf("%#v", h), "pointer": fmt.Sprintf("%+v", &h),
		"%s": fmt.Sprintf("%s", v), "%q": fmt.Sprintf("%q", v), "%x": fmt.Sprintf("%x", v), "%d": fmt.Sprintf("%d", v),
		"error": fmt.Errorf("bad: %v", v).Error(), "JSON": string(asJSON), "YAML": fmt.Sprint(asYAML), "slog": logged.String(),
		"String": v.String(), "GoString": v.GoString(), "key": fmt.Sprintf("%+v", mustKey(t)),
	} {
		if strings.Contains(text, "TST8Q") || strings.Contains(text, fmt.Sprintf("%x", "TST8Q")) {
			t.Errorf("%s shows it: %s", name, text)
		}
	}
	if v.Reveal() != marked {
		t.Error("Reveal does not return the text")
	}
}

func mustKey(t *testing.T) secret.Key {
	t.Helper()
	key, err := secret.NewKey(strings.NewReader(strings.Repeat("TST8Q", 10)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestTheZeroValueIsEmpty(t *testing.T) {
	var zero secret.Value
	if !zero.IsZero() || zero.Reveal() != "" || zero.Len() != 0 || !zero.Equal(secret.New("")) || zero.Equal(secret.New("a")) {
		t.Error("the zero Value is not empty")
	}
}

func TestFingerprintsAreKeyedAndStable(t *testing.T) {
	key := mustKey(t)
	again, err := secret.ParseKey(" " + key.Encode().Reveal() + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	a, b := secret.New("a"), secret.New("b")
	if got, want := again.Fingerprint(a), key.Fingerprint(a); got != want {
		t.Errorf("the same key: got %q, want %q", got, want)
	}
	if key.Fingerprint(a) == key.Fingerprint(b) {
		t.Error("two values have one fingerprint")
	}
	other, err := secret.NewKey(strings.NewReader(strings.Repeat("x", 40)))
	if err != nil {
		t.Fatal(err)
	}
	if key.Fingerprint(a) == other.Fingerprint(a) {
		t.Error("two keys make one fingerprint")
	}
	if got := key.Fingerprint(a); len(got) != 17 || got[8] != '-' {
		t.Errorf("got %q", got)
	}
	if got := key.Fingerprint(secret.Value{}); got != "" {
		t.Errorf("of nothing: got %q", got)
	}
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	for _, text := range []string{"", "abc", strings.Repeat("g", 64), strings.Repeat("a", 63), strings.Repeat("a", 66)} {
		if _, err := secret.ParseKey(text); !errors.Is(err, secret.ErrKey) {
			t.Errorf("%q: got %v, want ErrKey", text, err)
		}
	}
	if _, err := secret.NewKey(strings.NewReader("short")); err == nil {
		t.Error("a key of too little chance was made")
	}
}
