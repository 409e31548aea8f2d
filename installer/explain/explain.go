// Package explain turns the errors of the floors below into what people read:
// a code, what happened, and a remedy. Flows share it.
package explain

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Open explains why an installation cannot be opened.
func Open(err error, environment, root string) error {
	var file *site.FileError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, site.ErrSeveral):
		return fault.Wrap(fault.Usage, err, "which environment is meant is not clear",
			"name one with --environment")
	case errors.Is(err, site.ErrNone):
		return fault.New(fault.NotInstalled, notInstalled(environment, root),
			"run installer install, installer adopt --detect for what the vendor installed, or installer adopt FILE for another backend that stands; --state DIR names another state folder")
	case errors.Is(err, fs.ErrPermission):
		return elevate(err, "read the installation")
	case errors.Is(err, site.ErrNotFolder), errors.Is(err, syscall.ENOTDIR):
		return fault.Wrap(fault.Usage, err, "the state folder is no folder", "name the folder with --state DIR")
	case errors.As(err, &file):
		return fault.Wrap(fault.ConfigInvalid, err, "the installer's own state cannot be read",
			"restore "+file.Path+" from a backup, or register the installation again with installer adopt FILE")
	}
	return err
}

// Untrusted is about a state folder that people whom nobody chose can change.
func Untrusted(path string, who []string) error {
	return fault.New(fault.Preflight,
		fmt.Sprintf("%s can be changed by %s: what is in it says which programs are run, and anybody could have written it", path, strings.Join(who, ", ")),
		"look at what is in it: move it away where it is not the installer's, else close it with "+remedy.Here().CloseFolder(path))
}

func notInstalled(environment, root string) string {
	if environment == "" {
		return fmt.Sprintf("no installation is known under %s", root)
	}
	return fmt.Sprintf("no installation of the environment %q is known under %s", environment, root)
}

func elevate(err error, attempt string) error {
	return fault.Wrap(fault.NotElevated, err, "this account may not "+attempt,
		remedy.Here().Elevated("an account that owns the files"))
}

// Lock explains why the environment cannot be locked.
func Lock(err error, environment, path string) error {
	var busy *journal.BusyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &busy) && busy.Elsewhere:
		return fault.Wrap(fault.Busy, err, fmt.Sprintf("the environment %q is busy", environment),
			"whether that run lives can be told on "+busy.Holder.Host+" only: where it does not, or that host is gone, remove "+path+" and run the same command again")
	case errors.As(err, &busy):
		return fault.Wrap(fault.Busy, err, fmt.Sprintf("the environment %q is busy", environment),
			"wait until that run has ended; if it hangs, end its process: the lock goes with it, and the next run puts things right")
	case errors.Is(err, fs.ErrPermission):
		return elevate(err, "lock the environment")
	}
	return fault.Wrap(fault.WriteFailed, err, "lock the environment",
		"make the installer's state folder writable and give it space")
}

// Files explains why configuration files cannot be read or planned.
func Files(err error) error {
	var doc *syntax.Error
	var file *site.FileError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, plan.ErrNoPlace):
		return fault.Wrap(fault.Usage, err, "the setting cannot be changed by configure",
			"leave it out, or add a slot for it to the installation's description and run installer adopt FILE again")
	case errors.Is(err, fs.ErrPermission):
		return elevate(err, "read the configuration")
	case errors.Is(err, atomicfile.ErrChanged):
		return fault.Wrap(fault.Busy, err, "a configuration file is being written by another program",
			"wait until that program has ended, then run the same command again")
	case errors.Is(err, fs.ErrNotExist):
		return fault.Wrap(fault.ConfigInvalid, err, "a configuration file is missing",
			"restore the file, or correct its path in the installation's description and run installer adopt FILE again")
	case errors.Is(err, atomicfile.ErrTooLarge):
		return fault.Wrap(fault.ConfigInvalid, err, "a configuration file is larger than 16 MiB",
			"check that the path names the configuration and not a log or a database")
	case errors.As(err, &doc):
		return fault.Wrap(fault.ConfigInvalid, err, "a configuration file cannot be edited safely",
			documentRemedy(doc.Kind))
	case errors.As(err, &file):
		return fault.Wrap(fault.ConfigInvalid, err, "a configuration file cannot be used",
			"make "+file.Path+" a regular file that this account may read")
	}
	return err
}

func documentRemedy(kind syntax.Kind) string {
	remedies := map[syntax.Kind]string{
		syntax.NotFound:     "make the place with installer edit FILE --add --at PLACE --value-stdin, or correct it in the installation's description",
		syntax.Present:      "change the value that is there instead of adding it",
		syntax.Ambiguous:    "leave the key in the file once; the backend reads only one of them",
		syntax.NotString:    "make the value a text in quotes, or correct the pointer in the installation's description",
		syntax.Shared:       "write the value at its own place instead of an anchor, an alias or a merge key",
		syntax.Tagged:       "remove the tag, or keep the value where the tag's tool manages it",
		syntax.Encrypted:    "change the value with the tool that encrypts the file",
		syntax.Templated:    "change the value in the template that the file is made from, or write it here without an expression",
		syntax.Encoding:     "save the file as UTF-8",
		syntax.Syntax:       "correct the file at the place named, or write it there in a simpler way",
		syntax.Unsupported:  "write the value as a plain or double-quoted text on one line",
		syntax.Unrepresent:  "write the value as a double-quoted text",
		syntax.ParserDiffer: "simplify the file at the place named: two readers understand it differently",
		syntax.BadPointer:   "correct the pointer in the installation's description and run installer adopt FILE again",
		syntax.Verify:       "send the file's structure, without values, to support: this is a defect of the installer",
	}
	return remedies[kind]
}

// Run explains why a change did not happen.
func Run(err error) error {
	var failed *run.FailedError
	if err == nil || !errors.As(err, &failed) {
		return err
	}
	code, what := codeOf(failed)
	switch {
	case errors.Is(failed.Undo, run.ErrKeep):
		return fault.Wrap(fault.RollbackFailed, failed.Cause,
			"the new secret stands, but the backend is not proven with it; the old secret has expired and was not put back",
			"read the service's own log, mend it, and run installer verify")
	case failed.Undo != nil:
		return fault.Wrap(fault.RollbackFailed, err, "the change failed and not everything could be put back",
			"mend what is named, then run the same command again: it puts the rest right first")
	}
	return fault.Wrap(code, failed.Cause, what, remedyOf(code, err))
}

func codeOf(failed *run.FailedError) (fault.Code, string) {
	var ended *run.EndedError
	switch {
	case errors.As(failed.Cause, &ended):
		return fault.Cancelled, "cancelled; everything is as before"
	case errors.Is(failed.Cause, run.ErrUnconfirmed):
		return fault.RolledBack, "the change took longer than it may wait for its confirmation; everything was put back"
	case serviceKind(failed.Kind):
		return fault.RolledBack, "the backend did not come up with the change; everything was put back"
	}
	return fault.WriteFailed, "a file could not be written; everything is as before"
}

// serviceKind tells acts on services from acts on files, by the words that
// package session registers.
func serviceKind(kind string) bool {
	return strings.HasPrefix(kind, "service-")
}

// Write explains why one file could not be replaced.
func Write(err error, what string) error {
	return fault.Wrap(fault.WriteFailed, err, what, remedyOf(fault.WriteFailed, err))
}

func remedyOf(code fault.Code, err error) string {
	switch {
	case errors.Is(err, atomicfile.ErrChanged):
		return "find out who else writes the file, then run the same command again: it begins with what the file says now"
	case errors.Is(err, run.ErrUnconfirmed):
		return "run the same command again with a longer --confirm-within"
	case code == fault.RolledBack:
		return serviceRemedy(err)
	case code == fault.Cancelled:
		return "run the same command again when it suits"
	}
	return writeRemedy(err)
}

func serviceRemedy(err error) string {
	name := "NAME"
	var service *rollout.ServiceError
	if errors.As(err, &service) {
		name = service.Service
	}
	if said := windowsRemedy(err, name); said != "" {
		return said
	}
	words := remedy.Here()
	if said := new(svc.WindowsError); errors.As(err, &said) {
		words = remedy.For("windows")
	}
	return "read the service's own log (" + words.Log(name) + "), mend the cause, and run the same command again"
}

// writeRemedy is what to do about a file, or a service's definition, that was
// not written.
func writeRemedy(err error) string {
	said := windowsRemedy(err, "NAME")
	switch {
	case said != "":
		return said
	case errors.Is(err, svc.ErrPermission):
		return remedy.Here().Elevated("an account that may manage services")
	case errors.Is(err, atomicfile.ErrImmutable):
		return "take the flag off (chattr -i FILE, or chattr -a FILE), then run the same command again"
	case errors.Is(err, atomicfile.ErrReadOnly):
		return "clear the file's read-only attribute (attrib -R FILE), then run the same command again"
	case errors.Is(err, atomicfile.ErrInUse):
		return "stop the program that holds the file open, then run the same command again"
	case errors.Is(err, atomicfile.ErrTorn):
		return "the file is half written, and its old content is in the backup named: run the same command again, it puts it back first"
	case errors.Is(err, atomicfile.ErrManaged):
		return "change the Secret or ConfigMap in Kubernetes, which writes this file, and restart the pod"
	default:
		return "make the file and its folder writable and give them space, then run the same command again"
	}
}

// Cancelled explains the end of a run that had changed nothing yet.
func Cancelled(cause error) error {
	return fault.Wrap(fault.Cancelled, cause, "cancelled; nothing was changed",
		"run the same command again when it suits")
}

// Services explains why services cannot be looked at.
func Services(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, svc.ErrPermission) {
		return elevate(err, "manage services")
	}
	return fault.Wrap(fault.Preflight, err, "the services of the installation cannot be looked at",
		"check that the service manager runs, and that the description names it right")
}

// Ask explains why Entra ID cannot be asked.
func Ask(err error) error {
	var missing *site.MissingError
	if errors.As(err, &missing) {
		return fault.Wrap(fault.Usage, err, "Entra ID cannot be asked",
			fmt.Sprintf("give %s in the answers file or with --set %s=VALUE", missing.Key, missing.Key))
	}
	return Files(err)
}

// Secret explains why a value cannot be a client secret. The cause comes from
// package settings and never quotes the value.
func Secret(err error) error {
	return fault.Wrap(fault.SecretMalformed, err, "the client secret was refused before it was sent to Entra ID",
		"copy the secret's Value (not its Secret ID): Entra admin center > App registrations > your app > Certificates & secrets; it is shown only once, right after it was created")
}

// Refusal explains what Entra ID answered, or why it could not be asked.
func Refusal(err error) error {
	var refused *proof.RefusedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return proof.Fault(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Cancelled, err, "cancelled while Entra ID was asked; nothing was changed",
			"run the same command again when it suits")
	}
	return fault.Wrap(fault.Usage, err, "Entra ID cannot be asked",
		"correct identity.entra.authority, identity.entra.caBundle and identity.entra.proxy")
}

// State explains why one of the program's own files cannot be written.
func State(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission):
		return elevate(err, "write the installer's state")
	}
	return fault.Wrap(fault.WriteFailed, err, "write the installer's state",
		"make the state folder writable and give it space, or name another with --state DIR")
}
