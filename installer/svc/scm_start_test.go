package svc_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// slowly lets a service that was started move its checkpoint each second, and
// run after some.
func slowly(d *double, s *doubled, seconds int) func() error {
	return func() error {
		pending := svc.SCMStatus{State: svc.SCMStartPending, CheckPoint: 1, WaitHint: 2 * time.Second, PID: 7}
		d.become(s, pending)
		for i := range seconds {
			next := pending
			next.CheckPoint += uint32(i) + 1
			if i == seconds-1 {
				next = svc.SCMStatus{State: svc.SCMRunning, PID: 7}
			}
			time.AfterFunc(time.Duration(i+1)*time.Second, func() { d.become(s, next) })
		}
		return nil
	}
}

func TestAStartWaitsUntilTheServiceSaysThatItRuns(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = slowly(d, s, 3)
		began := time.Now()
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 3*time.Second || took > 3200*time.Millisecond {
			t.Errorf("got an answer after %s, want one right after 3 s", took)
		}
		d.asked(t, "start web")
	})
}

func TestAServiceThatRunsIsNotStarted(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMRunning)
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t)
	})
}

func TestAServiceThatIsStoppingIsStartedAfterwards(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopPending)
		time.AfterFunc(2*time.Second, func() { d.become(s, svc.SCMStatus{State: svc.SCMStopped}) })
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t, "start web")
	})
}

func TestAStartThatSomebodyElseBeganIsWaitedFor(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = func() error {
			_ = slowly(d, s, 1)()
			return number(svc.WindowsAlreadyRunning)
		}
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t, "start web")
	})
}

func TestAManagerThatIsBusyIsAskedAgain(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = func() error { return number(svc.WindowsDatabaseLocked) }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := m.Start(ctx, "web")
		wantAll(t, err, svc.ErrStart, context.DeadlineExceeded)
		wantText(t, err.Error(), "(error 1055)")
		time.AfterFunc(3*time.Second, func() { d.mu.Lock(); s.start = nil; d.mu.Unlock() })
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
	})
}

func TestAServiceThatEndsAtItsStartIsReportedWithItsExitCode(t *testing.T) {
	for status, said := range map[svc.SCMStatus]string{
		{State: svc.SCMStopped, ExitCode: svc.WindowsServiceSpecificError, Specific: 42}: "stopped, service-specific exit code 42",
		{State: svc.SCMStopped, ExitCode: svc.WindowsProcessAborted}:                     "stopped, exit code 1067: its process ended unexpectedly",
		{State: svc.SCMStopped}: "stopped",
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			s := d.add("web", svc.SCMStopped)
			s.start = func() error { d.become(s, status); return nil }
			err := m.Start(t.Context(), "web")
			wantAll(t, err, svc.ErrStart)
			wantText(t, err.Error(), said)
			d.asked(t, "start web")
		})
	}
}

func TestAProcessThatIsGoneAfterTheStartIsReported(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = func() error {
			d.become(s, svc.SCMStatus{State: svc.SCMRunning, PID: 9})
			d.kill(9)
			return nil
		}
		err := m.Start(t.Context(), "web")
		wantAll(t, err, svc.ErrStart)
		wantText(t, err.Error(), "running, but its process 9 has ended")
	})
}

// What Wine never notices and Windows a moment later.
func TestAServiceWhoseProcessIsGoneIsStartedAnew(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		d.kill(s.status.PID)
		s.stop = func() error { return number(109) }
		tries := 0
		s.start = func() error {
			if tries++; tries < 3 {
				return number(svc.WindowsAlreadyRunning)
			}
			d.become(s, svc.SCMStatus{State: svc.SCMRunning, PID: 999})
			return nil
		}
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t, "stop web", "start web", "stop web", "start web", "stop web", "start web")
	})
}

func TestAStartThatDoesNotMoveIsToldAsStuckWhenTheTimeIsUp(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = func() error {
			d.become(s, svc.SCMStatus{State: svc.SCMStartPending, CheckPoint: 3, WaitHint: 5 * time.Second, PID: 7})
			return nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		err := m.Start(ctx, "web")
		wantAll(t, err, svc.ErrStart, context.DeadlineExceeded)
		wantText(t, err.Error(), "still start pending, checkpoint 3, wait hint 5s", "stuck: its checkpoint has not moved for 59.975s")
		if took := time.Since(began); took != time.Minute {
			t.Errorf("got an answer after %s, want it not given up before the time is up", took)
		}
	})
}

func TestAStartThatMovesIsNotToldAsStuck(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMStopped)
		s.start = slowly(d, s, 60)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		err := m.Start(ctx, "web")
		wantAll(t, err, svc.ErrStart, context.DeadlineExceeded)
		wantText(t, err.Error(), "still start pending, checkpoint 30")
		if text := fmt.Sprint(err); len(text) > 200 || containsStuck(text) {
			t.Errorf("got %q, want no word of being stuck", text)
		}
		time.Sleep(time.Minute) // the service goes on
	})
}

// Windows answers a start after 30 s where the service does not.
func TestACallThatDoesNotReturnIsLeftAloneWhenTheTimeIsUp(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMStopped).start = func() error { time.Sleep(30 * time.Second); return number(svc.WindowsRequestTimeout) }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		wantAll(t, m.Start(ctx, "web"), svc.ErrStart, context.DeadlineExceeded)
		if took := time.Since(began); took != time.Second {
			t.Errorf("got an answer after %s, want it after 1s", took)
		}
		time.Sleep(time.Minute) // the call returns
	})
}

func TestAServiceThatIsPausedIsNotStarted(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMPaused)
		err := m.Start(t.Context(), "web")
		wantAll(t, err, svc.ErrStart)
		wantText(t, err.Error(), "paused")
	})
}

func TestEveryAnswerToAStartHasItsSentinel(t *testing.T) {
	for answer, sentinel := range map[*svc.WindowsError]error{
		{Call: "OpenService", Number: svc.WindowsAccessDenied}:        svc.ErrPermission,
		{Call: "StartService", Number: svc.WindowsAccessDenied}:       svc.ErrStart,
		{Call: "StartService", Number: svc.WindowsFileNotFound}:       svc.ErrStart,
		{Call: "StartService", Number: svc.WindowsRequestTimeout}:     svc.ErrStart,
		{Call: "StartService", Number: svc.WindowsServiceDisabled}:    svc.ErrDisabled,
		{Call: "StartService", Number: svc.WindowsDependencyFailed}:   svc.ErrStart,
		{Call: "StartService", Number: svc.WindowsLogonFailed}:        svc.ErrStart,
		{Call: "StartService", Number: svc.WindowsMarkedForDelete}:    svc.ErrDeleting,
		{Call: "StartService", Number: svc.WindowsDependencyDeleted}:  svc.ErrStart,
		{Call: "OpenService", Number: svc.WindowsServiceDoesNotExist}: svc.ErrNotFound,
		{Call: "OpenService", Number: svc.WindowsInvalidName}:         svc.ErrName,
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.add("web", svc.SCMStopped).start = func() error { return answer }
			err := m.Start(t.Context(), "web")
			wantAll(t, err, sentinel, error(answer))
			wantText(t, err.Error(), `start "web": `, fmt.Sprintf("(error %d)", answer.Number))
		})
	}
}
