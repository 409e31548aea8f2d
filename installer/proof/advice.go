package proof

import (
	"errors"
	"strings"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/remedy"
)

// Fault is a refusal in words for people: what it means and what to do, with
// the way in the portal of the cloud that was asked. Another error is returned
// as it is.
func Fault(err error) error {
	var refused *RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	f := refused.Failure
	said := adviceOf(f.Class)
	code := fault.EntraNoVerdict
	if rejected(f.Class) {
		code = fault.SecretRejected
	}
	name, _, _ := strings.Cut(f.Host, ":")
	clock := remedy.Here().SetClock()
	what, todo := said.what, strings.NewReplacer("{portal}", portal(name), "{host}", name, "{clock}", clock).Replace(said.remedy)
	if text := skewText(f.Skew); text != "" {
		todo += "; besides, " + text + ": set it (" + clock + ")"
	}
	return fault.Wrap(code, refused, what, todo)
}

// portal is the admin center of the cloud that a host belongs to.
func portal(host string) string {
	switch {
	case strings.HasSuffix(host, ".us"):
		return "Entra admin center (entra.microsoft.us)"
	case strings.HasSuffix(host, ".cn"):
		return "Entra admin center (entra.microsoftonline.cn)"
	}
	return "Entra admin center (entra.microsoft.com)"
}

type advice struct{ what, remedy string }

const registration = "{portal} > App registrations > your app > "

// adviceOf has one row per class.
func adviceOf(class entra.Class) advice {
	for _, rows := range []map[entra.Class]advice{onCredential(), onPolicy(), onTheWay()} {
		if a, ok := rows[class]; ok {
			return a
		}
	}
	return onTheWay()[entra.Protocol]
}

// onCredential is about what Entra ID judged.
func onCredential() map[entra.Class]advice {
	return map[entra.Class]advice{
		entra.SecretWrong: {
			"Entra ID does not know this client secret for this application",
			"copy the column Value of the secret, not Secret ID, and check that it is of the application that is configured: " +
				registration + "Certificates & secrets; a value is shown only once, so create a new one if it is lost",
		},
		entra.SecretExpired: {
			"the client secret has expired",
			"create a new one: " + registration + "Certificates & secrets > New client secret; then run installer configure with its Value",
		},
		entra.SecretIDPasted: {
			"the Secret ID was given in place of the secret",
			"copy the column Value, which is shown only right after the creation: " + registration + "Certificates & secrets",
		},
		entra.ClientWrong: {
			"Entra ID does not find this application in this tenant",
			"compare identity.entra.clientId with Application (client) ID and identity.entra.tenantId with Directory (tenant) ID: " +
				registration + "Overview",
		},
		entra.AppDisabled: {
			"the application is disabled in this tenant",
			"enable it: {portal} > Enterprise applications > your app > Properties > Enabled for users to sign in",
		},
		entra.TenantWrong: {
			"Entra ID does not find this tenant",
			"compare identity.entra.tenantId with Directory (tenant) ID: {portal} > Overview; where the tenant lives in another cloud, set identity.entra.cloud",
		},
		entra.CloudWrong: {
			"the tenant lives in another Microsoft cloud than the one that was asked",
			"set identity.entra.cloud to public, usgov or china, or identity.entra.authority to the sign-in host of your cloud",
		},
	}
}

// onPolicy is about what Entra ID did not want to judge.
func onPolicy() map[entra.Class]advice {
	return map[entra.Class]advice{
		entra.ConditionalAccess: {
			"a Conditional Access policy blocks this application from this host; the secret was not judged",
			"ask your Entra administrator to allow this host's outgoing address for the workload identity: {portal} > Protection > Conditional Access > Policies; the sign-in log of the service principal names the policy",
		},
		entra.TenantRestrictions: {
			"a proxy restricts which tenants may be reached (tenant restrictions); the secret was not judged",
			"ask the team of the proxy to add your tenant to Restrict-Access-To-Tenants",
		},
		entra.Throttled: {
			"Entra ID asks for fewer requests; the secret was not judged",
			"wait some minutes, then run the same command again; look for another program that signs in as this application over and over",
		},
		entra.Transient: {
			"Entra ID is disturbed; the secret was not judged",
			"run the same command again in some minutes; https://status.cloud.microsoft tells of outages",
		},
	}
}

// onTheWay is about what lies between this host and Entra ID.
func onTheWay() map[entra.Class]advice {
	return map[entra.Class]advice{
		entra.TLSVersion: {
			"the connection was made with an old version of TLS; the secret was not judged",
			"a proxy on the way speaks TLS 1.0 or 1.1: have it updated to TLS 1.2, or go around it with identity.entra.proxy or NO_PROXY",
		},
		entra.TLSUnknownCA: {
			"the certificate of the answering host is signed by an authority that this host does not trust; the secret was not sent",
			"where a proxy inspects TLS, give its root certificate with identity.entra.caBundle (a PEM file), or have the proxy leave the sign-in host alone",
		},
		entra.TLSInspection: {
			"the certificate of the answering host is not that of Entra ID; the secret was not sent",
			"a proxy or a captive portal answers in its place: have it leave the sign-in host alone, or check identity.entra.authority",
		},
		entra.ProxyAuth: {
			"the proxy wants a user and a password; the secret was not sent",
			"have the proxy let this host through without them, or name another with identity.entra.proxy",
		},
		entra.ProxyPage: {
			"a proxy or a portal answered in place of Entra ID; the secret was not judged",
			"have the proxy let the sign-in host through, name another with identity.entra.proxy, or check identity.entra.authority",
		},
		entra.DNS: {
			"the name of the sign-in host cannot be resolved; the secret was not sent",
			"check this host's DNS (getent hosts {host}); where only the proxy resolves names, set network.proxy or identity.entra.proxy",
		},
		entra.Unreachable: {
			"the sign-in host cannot be reached; the secret was not judged",
			"open the way to it, TCP port 443, in the firewall, or set network.proxy or identity.entra.proxy",
		},
		entra.ClockSkew: {
			"the certificate of the answering host is not valid at the time of this host's clock; the secret was not sent",
			"set the clock ({clock}); if it is right, a proxy shows an outdated certificate: have it renewed",
		},
		entra.Protocol: {
			"the answer is none that Entra ID gives; the secret was not judged",
			"look the code up at https://login.microsoftonline.com/error, check identity.entra.authority, and send what is shown here to support",
		},
	}
}
