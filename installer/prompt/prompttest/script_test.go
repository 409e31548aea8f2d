package prompttest_test

import (
	"errors"
	"testing"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
)

func TestTheScriptedPersonKeepsTheContract(t *testing.T) {
	prompttest.Run(t, func(t *testing.T, q prompt.Question, acts []prompttest.Act) prompt.Asker {
		t.Helper()
		answers := make([]prompttest.Answer, 0, len(acts))
		for _, a := range acts {
			answer := prompttest.Answer{Label: ".", Text: a.Text}
			switch a.Kind {
			case prompttest.Choose:
				answer.Text = q.Choices[a.Pick]
			case prompttest.GoBack:
				answer.Err = prompt.ErrBack
			case prompttest.GiveUp, prompttest.HangUp:
				answer.Err = prompt.ErrCancelled
			case prompttest.Line:
			}
			answers = append(answers, answer)
		}
		return prompttest.NewScript(t, answers...)
	})
}

// record is a testing.TB that takes failures down.
type record struct {
	testing.TB
	failures int
	cleanups []func()
}

func (*record) Helper()                 {}
func (r *record) Errorf(string, ...any) { r.failures++ }
func (r *record) Cleanup(f func())      { r.cleanups = append(r.cleanups, f) }
func (r *record) finish() {
	for _, f := range r.cleanups {
		f()
	}
}

func TestAQuestionWithoutAnAnswerFailsTheTest(t *testing.T) {
	r := &record{}
	s := prompttest.NewScript(r, prompttest.Answer{Label: "^Port$", Text: "1"})
	if _, err := s.Text(t.Context(), prompt.Question{Label: "Host"}); !errors.Is(err, prompt.ErrCancelled) {
		t.Errorf("got error %v, want %v", err, prompt.ErrCancelled)
	}
	if r.failures != 1 {
		t.Errorf("got %d failures for an unexpected question, want 1", r.failures)
	}
	r.finish()
	if r.failures != 2 {
		t.Errorf("got %d failures after an answer was left over, want 2", r.failures)
	}
}

func TestAnswersAreTakenByLabelInOrder(t *testing.T) {
	s := prompttest.NewScript(t,
		prompttest.Answer{Label: "Host", Text: "first"},
		prompttest.Answer{Label: "Port", Text: "1"},
		prompttest.Answer{Label: "Host", Text: "second"},
		prompttest.Answer{Label: "Any", Text: "x", Always: true},
	)
	for _, want := range [][2]string{{"Port", "1"}, {"Host", "first"}, {"Any", "x"}, {"Any", "x"}, {"Host", "second"}} {
		got, err := s.Text(t.Context(), prompt.Question{Label: want[0]})
		if err != nil || got != want[1] {
			t.Errorf("%s: got %q and error %v, want %q", want[0], got, err, want[1])
		}
	}
	if len(s.Asked) != 5 || s.Asked[0].Method != "Text" || s.Asked[0].Label != "Port" {
		t.Errorf("got %+v, want five questions, the first for the port", s.Asked)
	}
}

func TestAWayBackThatIsNotThereFailsTheTest(t *testing.T) {
	r := &record{}
	s := prompttest.NewScript(r, prompttest.Answer{Label: ".", Err: prompt.ErrBack})
	_, _ = s.Text(t.Context(), prompt.Question{Label: "First"})
	if r.failures != 1 {
		t.Errorf("got %d failures, want 1", r.failures)
	}
}

func TestAChoiceThatIsNotThereFailsTheTest(t *testing.T) {
	r := &record{}
	s := prompttest.NewScript(r, prompttest.Answer{Label: ".", Text: "c"})
	_, _ = s.Select(t.Context(), prompt.Question{Label: "Pick", Choices: []string{"a", "b"}})
	if r.failures != 1 {
		t.Errorf("got %d failures, want 1", r.failures)
	}
}

func TestWithoutATerminalNobodyAnswers(t *testing.T) {
	s := prompttest.NewScript(t)
	s.NoTerminal = true
	if _, err := s.Confirm(t.Context(), prompt.Question{Label: "?"}); !errors.Is(err, prompt.ErrNoTerminal) {
		t.Errorf("got error %v, want %v", err, prompt.ErrNoTerminal)
	}
	if len(s.Asked) != 0 {
		t.Errorf("got %d questions, want none", len(s.Asked))
	}
}
