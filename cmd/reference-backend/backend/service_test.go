package backend_test

import (
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
)

func TestAServiceTellsWhatItIsDoing(t *testing.T) {
	l := backend.NewLifecycle()
	for _, step := range []struct {
		name       string
		event      func() bool
		told       bool
		phase      string
		checkpoint uint32
		hint       time.Duration
	}{
		{"time passes while it starts", l.Tick, true, "start pending", 2, 3 * time.Second},
		{"and passes", l.Tick, true, "start pending", 3, 3 * time.Second},
		{"it listens", l.Ready, true, "running", 0, 0},
		{"time passes while it runs", l.Tick, false, "running", 0, 0},
		{"it is asked to stop", l.Stop, true, "stop pending", 1, 7 * time.Second},
		{"time passes while it stops", l.Tick, false, "stop pending", 1, 7 * time.Second},
		{"it is asked again", l.Stop, false, "stop pending", 1, 7 * time.Second},
	} {
		told := step.event()
		if phase, checkpoint, hint := l.Now(); told != step.told || phase != step.phase || checkpoint != step.checkpoint || hint != step.hint {
			t.Errorf("%s: got told %v, %s, %d, %s, want %+v", step.name, told, phase, checkpoint, hint, step)
		}
	}
}

func TestAServiceThatIsStoppedBeforeItListensStaysStopped(t *testing.T) {
	l := backend.NewLifecycle()
	if !l.Stop() || l.Ready() {
		t.Error("it became ready after it was asked to stop")
	}
}
