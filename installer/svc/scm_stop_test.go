package svc_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

func containsStuck(text string) bool { return strings.Contains(text, "stuck") }

func TestAStopStopsRunningDependantsFirst(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("db", svc.SCMRunning).dependants = []string{"proxy", "web", "idle"}
		d.add("web", svc.SCMRunning).dependants = []string{"proxy"}
		d.add("proxy", svc.SCMRunning)
		d.add("idle", svc.SCMStopped)
		if err := m.Stop(t.Context(), "db"); err != nil {
			t.Fatal(err)
		}
		d.asked(t, "stop proxy", "stop web", "stop db")
	})
}

// Whatever order Windows tells, what depends on a dependant is stopped before it.
func TestADependantsOwnDependantsAreStoppedBeforeIt(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("db", svc.SCMRunning).dependants = []string{"web"}
		d.add("web", svc.SCMRunning).dependants = []string{"proxy", "DB", "web"} // a circle, which Windows refuses
		d.add("proxy", svc.SCMRunning)
		d.add("DB", svc.SCMRunning)
		if err := m.Stop(t.Context(), "db"); err != nil {
			t.Fatal(err)
		}
		d.asked(t, "stop proxy", "stop web", "stop db")
	})
}

func TestADependantThatDoesNotStopFailsTheStopByName(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("db", svc.SCMRunning).dependants = []string{"web"}
		d.add("web", svc.SCMRunning).stop = func() error { return number(1052) }
		err := m.Stop(t.Context(), "db")
		wantAll(t, err, svc.ErrStop)
		wantText(t, err.Error(), `stop "db": "web", which depends on it: `, "(error 1052)")
		d.asked(t, "stop web")
	})
}

func TestADependantThatStartsMeanwhileIsStoppedToo(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		db := d.add("db", svc.SCMRunning)
		db.dependants = []string{"web"}
		web := d.add("web", svc.SCMStopped)
		db.stop = func() error {
			db.stop = nil
			d.become(web, svc.SCMStatus{State: svc.SCMRunning, PID: 88})
			return number(svc.WindowsDependentRunning)
		}
		if err := m.Stop(t.Context(), "db"); err != nil {
			t.Fatal(err)
		}
		d.asked(t, "stop db", "stop web", "stop db")
	})
}

func TestAServiceThatTakesNoRequestsYetIsAskedAgain(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStartPending)
		busy := func() error { return number(svc.WindowsCannotAcceptControl) }
		s.stop = busy
		time.AfterFunc(3*time.Second, func() { d.mu.Lock(); s.stop = nil; d.mu.Unlock() })
		began := time.Now()
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 3*time.Second || took > 3200*time.Millisecond {
			t.Errorf("got an answer after %s, want one right after 3 s", took)
		}

		d.add("never", svc.SCMStartPending).stop = busy
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := m.Stop(ctx, "never")
		wantAll(t, err, svc.ErrStop, context.DeadlineExceeded)
		wantText(t, err.Error(), "takes no requests at this time (error 1061)")
	})
}

func TestAStopWaitsForTheProcess(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		pid := s.status.PID
		s.stop = func() error {
			d.become(s, svc.SCMStatus{State: svc.SCMStopPending, PID: pid})
			time.AfterFunc(time.Second, func() { d.become(s, svc.SCMStatus{State: svc.SCMStopped}) })
			time.AfterFunc(3*time.Second, func() { d.kill(pid) })
			return nil
		}
		began := time.Now()
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 3*time.Second {
			t.Errorf("got an answer after %s, before the process was gone", took)
		}
		d.asked(t, "stop web")
	})
}

func TestAProcessThatOutlivesItsServiceIsTold(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.status.PID = 4711
		s.stop = func() error { d.become(s, svc.SCMStatus{State: svc.SCMStopped}); return nil }
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := m.Stop(ctx, "web")
		wantAll(t, err, svc.ErrStop, context.DeadlineExceeded)
		wantText(t, err.Error(), "its process 4711 has not ended")
	})
}

// Where this account may not look at the process, the manager's word is all there is.
func TestAStopTrustsTheManagerWhereTheProcessCannotBeSeen(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		d.refuse["process"] = svc.ErrPermission
		s.stop = func() error { d.become(s, svc.SCMStatus{State: svc.SCMStopped}); return nil }
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Error(err)
		}
	})
}

func TestAStopOfAServiceWhoseProcessIsGoneEnds(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		d.kill(s.status.PID)
		s.stop = func() error { return number(109) }
		began := time.Now()
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < time.Second || took > 2*time.Second {
			t.Errorf("got an answer after %s, want the manager given a second to notice", took)
		}
		d.asked(t, "stop web")
	})
}

func TestAStoppedServiceIsNotStopped(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMStopped)
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t)
	})
}

func TestAServiceThatIsDeletedWhileItRunsIsStopped(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.stop = func() error {
			d.mu.Lock()
			defer d.mu.Unlock()
			delete(d.services, "web")
			time.AfterFunc(time.Second, func() { d.kill(s.status.PID) })
			return nil
		}
		began := time.Now()
		if err := m.Stop(t.Context(), "web"); err != nil || time.Since(began) < time.Second {
			t.Errorf("got %v after %s, want the end of its process", err, time.Since(began))
		}
	})
}

func TestAStopThatTheServiceBeganIsWaitedFor(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopPending)
		pid := s.status.PID
		time.AfterFunc(time.Second, func() { d.kill(pid); d.become(s, svc.SCMStatus{State: svc.SCMStopped}) })
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t)
	})
}

func TestEveryAnswerToAStopHasItsSentinel(t *testing.T) {
	for answer, sentinel := range map[uint32]error{
		svc.WindowsAccessDenied: svc.ErrPermission, svc.WindowsRequestTimeout: svc.ErrStop, 1052: svc.ErrStop,
		svc.WindowsServiceDoesNotExist: svc.ErrNotFound,
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.add("web", svc.SCMRunning).stop = func() error { return number(answer) }
			wantAll(t, m.Stop(t.Context(), "web"), sentinel)
		})
	}
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.stop = func() error {
			d.kill(s.status.PID)
			d.become(s, svc.SCMStatus{State: svc.SCMStopped})
			return number(svc.WindowsNotActive)
		}
		if err := m.Stop(t.Context(), "web"); err != nil {
			t.Errorf("a service that ended by itself: %v", err)
		}
	})
}

func TestLooksComeFastFirstAndThenByTheHint(t *testing.T) {
	for _, c := range []struct{ watched, hint, want time.Duration }{
		{0, 0, 25 * time.Millisecond},
		{100 * time.Millisecond, time.Minute, 50 * time.Millisecond},
		{5 * time.Second, time.Minute, 100 * time.Millisecond},
		{10 * time.Second, 0, time.Second},
		{time.Minute, 30 * time.Second, 3 * time.Second},
		{time.Minute, time.Hour, 10 * time.Second},
	} {
		if got := svc.SCMPause(c.watched, c.hint); got != c.want {
			t.Errorf("after %s with the hint %s: got %s, want %s", c.watched, c.hint, got, c.want)
		}
	}
}
