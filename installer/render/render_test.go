package render_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/render"
)

func view() render.View {
	return render.View{
		Env: "PROD", Version: "9.7.0", User: "empower", Paths: struct{ Config string }{"/etc/empower/backend/PROD"},
		Setting: func(key string) (string, bool) {
			text, ok := map[string]string{"services.listen": "127.0.0.1:5080", "database.user": `a "b" \c`}[key]
			return text, ok
		},
	}
}

func TestTemplatesNameWhatTheViewHas(t *testing.T) {
	got, err := render.Text("x", `{{ .Paths.Config }}/{{ .Env }} {{ setting "services.listen" }} {{ json (setting "database.user") }}`, view())
	if want := `/etc/empower/backend/PROD/PROD 127.0.0.1:5080 "a \"b\" \\c"`; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestATemplatesMistakeIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"one\n{{ .Nothing }}":                           "x:2",
		"{{ .Paths.Nothing }}":                          "x:1",
		"\n\n{{ setting \"nothing\" }}":                 "x:3",
		"{{ setting \"identity.entra.clientSecret\" }}": "a secret",
		"{{ if }}":           "x:1",
		"{{ shell \"id\" }}": "x:1",
	} {
		got, err := render.Text("x", text, view())
		if err == nil || !strings.Contains(err.Error(), want) || got != "" {
			t.Errorf("%q: got %q, %v, want %q in the error", text, got, err, want)
		}
	}
}
