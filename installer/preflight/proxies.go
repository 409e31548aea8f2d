package preflight

import (
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Proxies are those that settings name; "" for none.
type Proxies struct {
	Ours   string // of this program, to Entra ID
	Theirs string // of the backend
}

// ProxiesOf finds them among the settings.
func ProxiesOf(get site.Lookup) Proxies {
	theirs, _ := get(settings.NetworkProxy)
	return Proxies{Ours: site.Proxy(get), Theirs: theirs}
}

// checkProxies warns where the installer reaches Entra ID another way than the
// backend: a verdict here is then none on the backend's sign-in. Where no setting
// names one to the backend, .NET takes a service's own variables, then what is set
// for its account in Internet Options.
// https://learn.microsoft.com/dotnet/api/system.net.http.httpclient.defaultproxy (2026).
func (f *Findings) checkProxies(facts host.Facts, named Proxies, services []rollout.Found) {
	if facts.Windows == nil || named.Theirs != "" {
		return
	}
	ours := host.ProxyAddress(facts.Proxy)
	if named.Ours != "" {
		ours = host.ProxyAddress(named.Ours)
	}
	winHTTP := facts.Windows.WinHTTP.ForHTTPS()
	for _, s := range services {
		internet, known := facts.Windows.Internet[s.State.Account]
		if !known || s.Manager != release.Windows || namesProxy(s.State.Env) {
			continue
		}
		theirs := internet.ForHTTPS()
		if sameWay(theirs, ours, winHTTP) {
			continue
		}
		f.warn(fmt.Sprintf("the installer asks Entra ID %s, and the service %s, whose account is %s, asks it %s, as the account's Internet Options say: "+
			"name one proxy for both in network.proxy, or set the same for both", way(ours), s.Name, s.State.Account, way(theirs)))
	}
	if winHTTP != "" && winHTTP != ours {
		f.warn(fmt.Sprintf("the installer asks Entra ID %s, and WinHTTP has the proxy %s (netsh winhttp show proxy): "+
			"name the proxy in network.proxy if it is the way to Entra ID", way(ours), winHTTP))
	}
}

// sameWay takes an account without a proxy for one that asks WinHTTP.
func sameWay(theirs, ours, winHTTP string) bool {
	return theirs == ours || theirs == "" && winHTTP == ours
}

func namesProxy(variables []string) bool {
	return slices.ContainsFunc(variables, func(name string) bool {
		return strings.EqualFold(name, "HTTPS_PROXY") || strings.EqualFold(name, "ALL_PROXY")
	})
}

func way(proxy string) string {
	if proxy == "" {
		return "without a proxy"
	}
	return "through the proxy " + proxy
}
