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

func TestJSONIsWrittenForPeople(t *testing.T) {
	got, err := render.Text("x", `{{ json "R&D <a> \u2028" }}`, view())
	if want := `"R&D <a> \u2028"`; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestWhatIsRenderedHalfIsNotReturned(t *testing.T) {
	if got, err := render.Text("x", `begun {{ setting "nothing" }}`, view()); err == nil || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"plain", "{{ .Env }}", "{{ .Paths.Config }}/x", `{{ setting "services.listen" }}`, `{{ json .User }}`,
		"{{ .Nothing }}", "{{$}}", "{{", "}}", `{{ define "a" }}{{ end }}`, `{{ template "none" }}`, "{{ if .User }}a{{ else }}b{{ end }}",
	} {
		f.Add(seed)
	}
	v := view()
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "{{") {
			// Templates come with a release, which is trusted: a loop in one is its own.
			if strings.Contains(text, "range") || strings.Contains(text, "template") || strings.Contains(text, "block") || strings.Contains(text, "printf") {
				t.Skip()
			}
		}
		got, err := render.Text("x", text, v)
		again, errAgain := render.Text("x", text, v)
		if got != again || (err == nil) != (errAgain == nil) {
			t.Errorf("rendered twice: got %q, %v, then %q, %v", got, err, again, errAgain)
		}
		if err == nil && !strings.Contains(text, "{{") && got != text {
			t.Errorf("a text without templates: got %q, want %q", got, text)
		}
	})
}
