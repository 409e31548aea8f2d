package svc_test

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	godbus "github.com/godbus/dbus/v5"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// loaded are the properties of a unit as systemd 252 gives them, with changes.
func loaded(changes map[string]any) map[string]any {
	p := map[string]any{
		"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled",
		"MainPID": uint32(4711), "ExecMainStartTimestamp": uint64(1763899200123456), "NRestarts": uint32(2),
		"Result": "success", "Job": []any{uint32(0), godbus.ObjectPath("/")},
	}
	for name, value := range changes {
		p[name] = value
	}
	return p
}

func TestStateTellsTheMainProcessToTheMicrosecond(t *testing.T) {
	s := svc.StateOf(loaded(nil), "web")
	want := svc.Process{PID: 4711, Started: time.Date(2025, 11, 23, 12, 0, 0, 123456000, time.UTC)}
	if s.Process() != want {
		t.Errorf("got %+v, want %+v", s.Process(), want)
	}
	if s.Name != "web" || !s.Exists || s.Restarts != 2 || s.Detail != "active (running)" {
		t.Errorf("got %+v, want the name, its restarts and systemd's words", s)
	}
	s = svc.StateOf(loaded(map[string]any{"MainPID": uint32(0)}), "web")
	if (s.Process() != svc.Process{}) {
		t.Errorf("got %+v, want none: the start is that of a process that has ended", s.Process())
	}
}

func TestStateTellsWhatAUnitIsDoing(t *testing.T) {
	for _, c := range []struct {
		active, sub string
		want        svc.Activity
	}{
		{"active", "running", svc.Running},
		{"active", "exited", svc.Running},
		{"reloading", "reload", svc.Running},
		{"refreshing", "refresh", svc.Running},
		{"activating", "start", svc.Starting},
		{"activating", "start-pre", svc.Starting},
		{"activating", "auto-restart", svc.Restarting},
		{"activating", "auto-restart-queued", svc.Restarting},
		{"deactivating", "stop-sigterm", svc.Stopping},
		{"failed", "failed", svc.Failed},
		{"inactive", "dead", svc.Stopped},
		{"maintenance", "", svc.Stopped},
	} {
		s := svc.StateOf(loaded(map[string]any{"ActiveState": c.active, "SubState": c.sub}), "web")
		if s.Activity != c.want {
			t.Errorf("%s (%s): got %q, want %q", c.active, c.sub, s.Activity, c.want)
		}
	}
}

func TestStateTellsWhetherAUnitStartsWithTheHost(t *testing.T) {
	for file, want := range map[string]svc.Enablement{
		"enabled": svc.Enabled, "enabled-runtime": svc.Enabled, "alias": svc.Enabled,
		"disabled": svc.Disabled, "linked": svc.Disabled,
		"masked": svc.Masked, "masked-runtime": svc.Masked,
		"static": svc.Static, "indirect": svc.Static, "generated": svc.Static, "transient": svc.Static, "": svc.Static,
	} {
		if got := svc.StateOf(loaded(map[string]any{"UnitFileState": file}), "web").Enablement; got != want {
			t.Errorf("%q: got %q, want %q", file, got, want)
		}
	}
	if got := svc.StateOf(loaded(map[string]any{"LoadState": "masked"}), "web").Enablement; got != svc.Masked {
		t.Errorf("got %q, want %q", got, svc.Masked)
	}
}

func TestStateSaysWhatWentWrong(t *testing.T) {
	for want, changes := range map[string]map[string]any{
		"failed (failed, exit-code 203)": {"ActiveState": "failed", "SubState": "failed", "Result": "exit-code", "ExecMainStatus": int32(203)},
		"failed (failed, timeout)":       {"ActiveState": "failed", "SubState": "failed", "Result": "timeout"},
		"inactive (dead, unit masked)":   {"ActiveState": "inactive", "SubState": "dead", "LoadState": "masked"},
	} {
		if got := svc.StateOf(loaded(changes), "web").Detail; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStateOfAnUnknownUnitIsEmpty(t *testing.T) {
	p := loaded(map[string]any{"LoadState": "not-found", "ActiveState": "inactive", "SubState": "dead"})
	want := svc.State{Name: "web", Activity: svc.Stopped}
	if got := svc.StateOf(p, "web"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	p["ActiveState"] = "active"
	if got := svc.StateOf(p, "web"); !got.Exists {
		t.Errorf("got %+v, want what runs without its file to be seen", got)
	}
}

func TestStateListsServicesAndNamesOfVariablesOnly(t *testing.T) {
	s := svc.StateOf(loaded(map[string]any{
		"After":            []string{"network.target", "b.service", "a.service", "x.socket"},
		"Requires":         []string{"b.service", "system.slice"},
		"BindsTo":          []string{"a.service", "b.service"},
		"RequiredBy":       []string{"multi-user.target", "d.service"},
		"ConsistsOf":       []string{"c.service"},
		"Environment":      []string{"SECRET=not-to-be-seen", "GONE=1", "KEPT=2", "DOTNET_ENVIRONMENT=Staging", "ASPNETCORE_ENVIRONMENT=not-to-be-seen, no name"},
		"PassEnvironment":  []string{"LANG"},
		"UnsetEnvironment": []string{"GONE", "KEPT=3"},
		"EnvironmentFiles": [][]any{{"/etc/default/web", true}, {}, {7, true}},
	}), "web")
	want(t, "After", s.After, "a.service", "b.service")
	want(t, "Needs", s.Needs, "a.service", "b.service")
	want(t, "NeededBy", s.NeededBy, "c.service", "d.service")
	want(t, "Env", s.Env, "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "KEPT", "LANG", "SECRET")
	want(t, "Environments", s.Environments, "Staging")
	want(t, "EnvFiles", s.EnvFiles, "/etc/default/web")
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, "not-to-be-seen") {
		t.Errorf("got %s, want no value", text)
	}
}

func TestStateOfPropertiesOfAnotherShapeIsNoPanic(t *testing.T) {
	odd := map[string]any{}
	for name := range loaded(nil) {
		odd[name] = struct{}{}
	}
	for _, p := range []map[string]any{nil, {}, odd, {"LoadState": "loaded", "Job": []any{}}} {
		if s := svc.StateOf(p, "web"); s.Name != "web" || s.PID != 0 {
			t.Errorf("got %+v, want an empty state", s)
		}
	}
}

func TestUnitNamesAreCompletedAndChecked(t *testing.T) {
	for name, want := range map[string]string{
		"web": "web.service", "web.service": "web.service", "backend-9.7": "backend-9.7.service",
		"web@PROD": "web@PROD.service", "a.socket": "a.socket", `x\x2dy`: `x\x2dy.service`, "service": "service.service",
	} {
		if got, err := svc.UnitName(name); err != nil || got != want {
			t.Errorf("%q: got %q and %v, want %q", name, got, err, want)
		}
	}
	for _, bad := range []string{
		"", ".service", "@.service", "web@", "web@.service", "@web", "../web", "a/b", "two words", "new\nline", "ü", "*", strings.Repeat("n", 248),
	} {
		if got, err := svc.UnitName(bad); !errors.Is(err, svc.ErrName) {
			t.Errorf("%q: got %q and %v, want %v", bad, got, err, svc.ErrName)
		}
	}
}

func TestSystemdsWordsBecomeTheErrorsOfThisPackage(t *testing.T) {
	for name, want := range map[string]error{
		"org.freedesktop.systemd1.NoSuchUnit":                         svc.ErrNotFound,
		"org.freedesktop.DBus.Error.UnknownObject":                    svc.ErrNotFound,
		"org.freedesktop.systemd1.UnitMasked":                         svc.ErrMasked,
		"org.freedesktop.DBus.Error.AccessDenied":                     svc.ErrPermission,
		"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired": svc.ErrPermission,
	} {
		said := godbus.Error{Name: name, Body: []any{"its own words"}}
		err := svc.Translate(fmt.Errorf("wrapped: %w", said))
		if !errors.Is(err, want) || !strings.Contains(err.Error(), "its own words") {
			t.Errorf("%s: got %v, want %v and systemd's words", name, err, want)
		}
		wantStart := want
		if !errors.Is(want, svc.ErrPermission) {
			wantStart = svc.ErrStart
		}
		if err := svc.Refused(svc.ErrStart, said); !errors.Is(err, wantStart) {
			t.Errorf("%s: got %v for a refused start, want %v", name, err, wantStart)
		}
	}
	other := godbus.Error{Name: "org.freedesktop.systemd1.Other"}
	for _, err := range []error{nil, fs.ErrClosed, other} {
		if got := svc.Translate(err); fmt.Sprint(got) != fmt.Sprint(err) {
			t.Errorf("got %v, want %v", got, err)
		}
	}
}
