package cli_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// TestTheReadmesTablesAreTrue compares what stands between the marks of the
// README with what the program knows; UPDATE=1 writes it.
func TestTheReadmesTablesAreTrue(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the README shows what the program says on Linux")
	}
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	for name, want := range map[string]string{
		"answers example": "```yaml\n" + string(configs.Example()) + "```\n",
		"answers":         answersTable(),
		"environment":     environmentTable(),
		"formats":         formatsTable(),
		"exit statuses":   exitTable(),
		"causes":          causesTable(),
	} {
		readme = replaceBetween(t, readme, name, want)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(readme), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if readme != string(text) {
		t.Error("the tables of README.md are out of date: run make golden and read the difference")
	}
}

func replaceBetween(t *testing.T, text, name, want string) string {
	t.Helper()
	begin, end := "<!-- begin: "+name+" -->\n", "<!-- end: "+name+" -->\n"
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md lacks the marks %q and %q", begin, end)
	}
	return before + begin + want + end + after
}

func answersTable() string {
	var b strings.Builder
	group := settings.Group("")
	for _, s := range settings.All() {
		if s.Group != group {
			group = s.Group
			fmt.Fprintf(&b, "\n**%s**\n\n| key | what | default |\n|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| `%s` | %s%s | %s |\n", s.Key, s.Help, choices(s), byDefault(s))
	}
	return b.String() + "\n"
}

func choices(s settings.Setting) string {
	if len(s.Choices) == 0 {
		return ""
	}
	return " (`" + strings.Join(s.Choices, "`, `") + "`)"
}

func byDefault(s settings.Setting) string {
	switch {
	case s.Kind == settings.Secret:
		return "reference"
	case s.Default != "":
		return "`" + s.Default + "`"
	case s.Required:
		return "required"
	}
	return ""
}

func environmentTable() string {
	var b strings.Builder
	b.WriteString("| variable | gives |\n|---|---|\n")
	for _, v := range cli.Variables() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", v.Name, v.Gives)
	}
	for _, s := range settings.All() {
		if s.Env != "" {
			fmt.Fprintf(&b, "| `%s` | `%s` |\n", s.Env, s.Key)
		}
	}
	return b.String()
}

func formatsTable() string {
	var b strings.Builder
	b.WriteString("| format | reads | a place (`at`) |\n|---|---|---|\n")
	for _, d := range document.Descriptions() {
		places := ""
		for _, place := range d.Places {
			places += "`" + place + "` "
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s|\n", d.Format, d.Reads, places)
	}
	return b.String()
}

func exitTable() string {
	var b strings.Builder
	b.WriteString("| status | code | meaning |\n|---|---|---|\n| 0 | | done, or nothing to do |\n")
	for _, row := range fault.Table() {
		fmt.Fprintf(&b, "| %d | `%s` | %s |\n", row.Exit, row.Code, row.Meaning)
	}
	return b.String()
}

func causesTable() string {
	var b strings.Builder
	b.WriteString("| reason | exit | what it says | what to do |\n|---|---|---|---|\n")
	for _, class := range entra.Classes() {
		problem := fault.Of(proof.Fault(&proof.RefusedError{Failure: &entra.Error{Class: class, Host: "login.microsoftonline.com"}}))
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", class, problem.Code.Exit(), problem.What, problem.Remedy)
	}
	return b.String()
}
