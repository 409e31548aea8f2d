package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/proof"
)

// scripts are the texts of all scripts by name.
func scripts(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d scripts and %v", len(paths), err)
	}
	all := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".txtar")] = string(text)
	}
	return all
}

// anyScript reports whether one script has a line for each pattern.
func anyScript(all map[string]string, patterns ...string) bool {
	for _, text := range all {
		every := true
		for _, pattern := range patterns {
			every = every && regexp.MustCompile("(?m)"+pattern).MatchString(text)
		}
		if every {
			return true
		}
	}
	return false
}

func TestEveryRowOfTheErrorTableHasAScriptThatShowsItsRemedy(t *testing.T) {
	all := scripts(t)
	for _, row := range fault.Table() {
		ends := fmt.Sprintf(`^exits %d ((powerless|limited [0-9]+) )?installer `, row.Exit)
		ended := fmt.Sprintf(`^ended %d$`, row.Exit)
		told := fmt.Sprintf(`^stderr '.installer: code %s, exit status %d`, row.Code, row.Exit)
		fix := `^stderr '.installer: fix: \w`
		if !anyScript(all, ends, told, fix) && !anyScript(all, ended, told, fix) {
			t.Errorf("no script shows %s, its exit status %d and its remedy", row.Code, row.Exit)
		}
	}
}

func TestEveryAnswerOfEntraIDHasAScriptThatShowsItsAdvice(t *testing.T) {
	all := scripts(t)
	for _, class := range entra.Classes() {
		problem := fault.Of(proof.Fault(&proof.RefusedError{Failure: &entra.Error{Class: class}}))
		what := regexp.QuoteMeta(strings.ReplaceAll(problem.What, "'", "''"))
		// Scripts write parentheses as regular expressions want them.
		what = strings.NewReplacer(`\(`, `\\?\(`, `\)`, `\\?\)`).Replace(what)
		if !anyScript(all, `^stderr '.*`+what, `^stderr '.installer: fix: \w`) {
			t.Errorf("no script shows the advice for %s: %q", class, problem.What)
		}
		if class != entra.SecretWrong && !anyScript(all, `^json .*/reason=`+string(class)+`( |$)`) {
			t.Errorf("no script shows %s in JSON", class)
		}
	}
}

// TestEveryRefusalOfGraphHasAScriptThatShowsItsAdvice leaves out Gone, which is asked
// about again before it is told.
func TestEveryRefusalOfGraphHasAScriptThatShowsItsAdvice(t *testing.T) {
	all := scripts(t)
	for _, cause := range graph.Causes() {
		_, advice, _ := strings.Cut(fault.Of(explain.Graph(&graph.Error{Cause: cause}, "tried")).What, ": ")
		if !anyScript(all, `^stderr '.installer: error: .*: `+regexp.QuoteMeta(advice), `^stderr '.installer: fix: \w`) && cause != graph.Gone {
			t.Errorf("no script shows the advice for %s: %q", cause, advice)
		}
	}
}

func TestEveryScriptBeginsWithItsClaimAndReadsBothStreams(t *testing.T) {
	for name, text := range scripts(t) {
		claim, rest, _ := strings.Cut(text, "\n")
		if !strings.HasPrefix(claim, "# ") || len(claim) < 20 {
			t.Errorf("%s: the first line is no claim: %q", name, claim)
		}
		for _, stream := range []string{"stdout", "stderr"} {
			if !regexp.MustCompile(`(?m)^(! )?` + stream + ` |^json `).MatchString(rest) {
				t.Errorf("%s: nothing is said of %s", name, stream)
			}
		}
	}
}
