package explain_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// want makes sure that an error is a fault of a code, with a remedy.
func want(t *testing.T, err error, code fault.Code, remedy string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Errorf("got %v, want a fault", err)
		return
	}
	if f.Code != code || f.Remedy == "" || !strings.Contains(f.Remedy, remedy) {
		t.Errorf("got %q with the remedy %q, want %q and %q in it", f.Code, f.Remedy, code, remedy)
	}
}

func TestAnInstallationThatCannotBeOpened(t *testing.T) {
	file := &site.FileError{Path: "/state/PROD/installation.yaml", Cause: errors.New("line 1")}
	want(t, explain.Open(site.ErrNone, "PROD", "/state"), fault.NotInstalled, "installer adopt FILE")
	want(t, explain.Open(fmt.Errorf("%w: A, B", site.ErrSeveral), "", "/state"), fault.Usage, "--environment")
	want(t, explain.Open(fs.ErrPermission, "PROD", "/state"), fault.NotElevated, remedy.Here().Elevated("an account that"))
	want(t, explain.Open(file, "PROD", "/state"), fault.ConfigInvalid, "/state/PROD/installation.yaml")
}

func TestALockThatCannotBeTaken(t *testing.T) {
	want(t, explain.Lock(&journal.BusyError{}, "PROD", "lock"), fault.Busy, "the next run puts things right")
	want(t, explain.Lock(fs.ErrPermission, "PROD", "lock"), fault.NotElevated, remedy.Here().Elevated("an account that"))
	want(t, explain.Lock(errors.New("no space left"), "PROD", "lock"), fault.WriteFailed, "space")
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	wrap := func(cause error) error { return &site.FileError{Path: "/etc/x.json", Cause: cause} }
	want(t, explain.Files(plan.ErrNoPlace), fault.Usage, "slot")
	want(t, explain.Files(wrap(fs.ErrPermission)), fault.NotElevated, remedy.Here().Elevated("an account that"))
	want(t, explain.Files(wrap(fs.ErrNotExist)), fault.ConfigInvalid, "restore the file")
	want(t, explain.Files(wrap(atomicfile.ErrTooLarge)), fault.ConfigInvalid, "configuration")
	want(t, explain.Files(wrap(atomicfile.ErrNotRegular)), fault.ConfigInvalid, "regular file")
}

// Every reason to refuse an edit has a remedy of its own.
func TestEveryRefusalOfAnEditHasARemedy(t *testing.T) {
	for _, kind := range []syntax.Kind{
		syntax.NotFound, syntax.Present, syntax.Ambiguous, syntax.NotString, syntax.Shared, syntax.Tagged, syntax.Encrypted,
		syntax.Templated, syntax.Encoding, syntax.Syntax, syntax.Unsupported, syntax.Unrepresent,
		syntax.ParserDiffer, syntax.Verify, syntax.BadPointer,
	} {
		err := explain.Files(&site.FileError{Path: "/etc/x.json", Cause: &syntax.Error{Kind: kind, Line: 3, Column: 7, Reason: "so"}})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.ConfigInvalid || f.Remedy == "" || !strings.Contains(err.Error(), "/etc/x.json") {
			t.Errorf("%s: got %+v", kind, f)
		}
	}
}

func TestAChangeThatDidNotHappen(t *testing.T) {
	service := &rollout.ServiceError{Service: "web", Wanted: "start", Cause: svc.ErrStart}
	for name, c := range map[string]struct {
		failed run.FailedError
		code   fault.Code
		remedy string
	}{
		"service":      {run.FailedError{Kind: "service-restart", Cause: service}, fault.RolledBack, remedy.Here().Log("web")},
		"file":         {run.FailedError{Kind: "file-switch", Cause: errors.New("no space left")}, fault.WriteFailed, "space"},
		"immutable":    {run.FailedError{Kind: "file-stage", Cause: atomicfile.ErrImmutable}, fault.WriteFailed, "chattr"},
		"Kubernetes":   {run.FailedError{Kind: "file-stage", Cause: atomicfile.ErrManaged}, fault.WriteFailed, "Secret or ConfigMap"},
		"changed":      {run.FailedError{Kind: "file-switch", Cause: atomicfile.ErrChanged}, fault.WriteFailed, "who else"},
		"interrupted":  {run.FailedError{Kind: "service-restart", Cause: &run.EndedError{Cause: context.Canceled}}, fault.Cancelled, "run the same command again"},
		"timed out":    {run.FailedError{Kind: "file-switch", Cause: &run.EndedError{Cause: context.DeadlineExceeded}}, fault.Cancelled, "run the same command again"},
		"not put back": {run.FailedError{Kind: "service-prove", Cause: service, Undo: errors.New("stuck")}, fault.RollbackFailed, "mend"},
		"kept":         {run.FailedError{Kind: "service-prove", Cause: service, Undo: run.ErrKeep}, fault.RollbackFailed, "installer verify"},
	} {
		t.Run(name, func(t *testing.T) { want(t, explain.Run(&c.failed), c.code, c.remedy) })
	}
}

func TestEveryAnswerOfWindowsHasItsRemedy(t *testing.T) {
	for number, remedy := range map[uint32]string{
		svc.WindowsFileNotFound: "sc qc web", svc.WindowsPathNotFound: "sc qc web", svc.WindowsDependentRunning: "sc enumdepend web",
		svc.WindowsRequestTimeout: "Application log", svc.WindowsInvalidAccount: `DOMAIN\name`, svc.WindowsNoSuchAccount: `DOMAIN\name`, svc.WindowsServiceDisabled: "sc config web start= demand",
		svc.WindowsServiceDoesNotExist: "description", svc.WindowsCannotAcceptControl: "sc queryex web", svc.WindowsDependencyFailed: "System log",
		svc.WindowsDependencyDeleted: "sc qc web", svc.WindowsLogonFailed: "the service host user's password changed since the service last started",
		svc.WindowsMarkedForDelete: "close services.msc", svc.WindowsAccessDenied: "read and execute", svc.WindowsProcessAborted: "eventvwr.msc",
	} {
		cause := fmt.Errorf("start %q: %w: %w", "web", svc.ErrStart, &svc.WindowsError{Call: "StartService", Number: number})
		failed := &run.FailedError{Kind: "service-restart", Cause: &rollout.ServiceError{Service: "web", Wanted: "start", Cause: cause}}
		want(t, explain.Run(failed), fault.RolledBack, remedy)
	}
	deleting := fmt.Errorf("%w: %w", svc.ErrDeleting, &svc.WindowsError{Call: "CreateService", Number: svc.WindowsMarkedForDelete})
	want(t, explain.Run(&run.FailedError{Kind: "service-register", Cause: deleting}), fault.RolledBack, "close services.msc")
	want(t, explain.Write(deleting, "x"), fault.WriteFailed, "close services.msc")
	want(t, explain.Write(fmt.Errorf("x: %w", svc.ErrPassword), "x"), fault.WriteFailed, "services.accountPassword")
	denied := fmt.Errorf("%w: %w", svc.ErrPermission, &svc.WindowsError{Call: "OpenService", Number: svc.WindowsAccessDenied})
	want(t, explain.Write(denied, "x"), fault.WriteFailed, "may manage services")
}

func TestTheRest(t *testing.T) {
	want(t, explain.Services(svc.ErrPermission), fault.NotElevated, remedy.Here().Elevated("an account that"))
	want(t, explain.Services(errors.New("no bus")), fault.Preflight, "service manager")
	want(t, explain.Ask(&site.MissingError{Key: "identity.entra.tenantId"}), fault.Usage, "identity.entra.tenantId")
	want(t, explain.State(fs.ErrPermission), fault.NotElevated, remedy.Here().Elevated("an account that"))
	want(t, explain.State(errors.New("no space left")), fault.WriteFailed, "space")
	want(t, explain.Secret(errors.New("it is empty")), fault.SecretMalformed, "Value")
	want(t, explain.Refusal(context.Canceled), fault.Cancelled, "again")
	want(t, explain.Refusal(errors.New("the CA bundle holds no certificate")), fault.Usage, "caBundle")
	for _, err := range []error{
		explain.Open(nil, "", ""), explain.Lock(nil, "", ""), explain.Files(nil), explain.Run(nil), explain.Services(nil),
		explain.State(nil), explain.Refusal(nil),
	} {
		if err != nil {
			t.Errorf("nothing was explained as %v", err)
		}
	}
}

func TestAFileThatCannotBeReplacedHasItsRemedy(t *testing.T) {
	for cause, remedy := range map[error]string{
		atomicfile.ErrImmutable: "chattr", atomicfile.ErrManaged: "Kubernetes", atomicfile.ErrChanged: "who else writes", errors.New("x"): "space",
		atomicfile.ErrReadOnly: "attrib", atomicfile.ErrInUse: "holds the file open", atomicfile.ErrTorn: "puts it back",
	} {
		f := fault.Of(explain.Write(cause, "left alone"))
		if f.Code != fault.WriteFailed || !strings.Contains(f.Remedy, remedy) {
			t.Errorf("%v: got %s, %q, want %q in it", cause, f.Code, f.Remedy, remedy)
		}
	}
}
