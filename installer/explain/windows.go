package explain

import (
	"errors"
	"strings"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// windowsRemedy is what to do about an answer of Windows' service control
// manager; "" where it has no remedy of its own. NAME is the service.
func windowsRemedy(err error, name string) string {
	if errors.Is(err, svc.ErrPassword) {
		return "give the password of the service account (services.accountPassword), then run the same command again"
	}
	var said *svc.WindowsError
	if !errors.As(err, &said) {
		return ""
	}
	remedy := remediesOfWindows()[said.Number]
	if said.Number == svc.WindowsAccessDenied && errors.Is(err, svc.ErrStart) {
		remedy = "give the service's account (sc qc NAME shows it) the right to read and execute the service's program"
	}
	if remedy == "" {
		return ""
	}
	return strings.ReplaceAll(remedy, "NAME", name) + ", then run the same command again"
}

func remediesOfWindows() map[uint32]string {
	program := "correct the path of the service's program (sc qc NAME shows it)"
	account := "correct the service's account: it must be there, and be written DOMAIN\\name"
	needs := "start what the service depends on (sc qc NAME lists it) and read in the System log (eventvwr.msc) why it does not start"
	return map[uint32]string{
		svc.WindowsFileNotFound:     program,
		svc.WindowsPathNotFound:     program,
		svc.WindowsDependentRunning: "stop the services that depend on it (sc enumdepend NAME lists them)",
		svc.WindowsRequestTimeout: "the service did not answer within the time that Windows gives it: read in the Application log (eventvwr.msc) and in its own " +
			"what keeps it, mend that",
		svc.WindowsInvalidAccount:      account,
		svc.WindowsNoSuchAccount:       account,
		svc.WindowsServiceDisabled:     "set the service's start type to manual or automatic in services.msc (sc config NAME start= demand)",
		svc.WindowsServiceDoesNotExist: "correct the service's name in the installation's description, or install the service",
		svc.WindowsCannotAcceptControl: "wait until the service has started or ended; where it hangs, end its process (sc queryex NAME shows its ID)",
		svc.WindowsDependencyFailed:    needs,
		svc.WindowsDependencyDeleted:   needs,
		svc.WindowsLogonFailed: "the service host user's password changed since the service last started, or it may not log on as a service: " +
			"enter its password anew in services.msc on the tab Log On, which also grants that right",
		svc.WindowsMarkedForDelete: "close services.msc, Task Manager and other tools that hold the service open, or restart the host",
		svc.WindowsServiceExists:   "somebody else made a service of that name meanwhile: look at it (sc qc NAME)",
	}
}
