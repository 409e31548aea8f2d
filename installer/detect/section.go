package detect

import (
	"net/url"
	"strings"

	"github.com/empowersuite/backend-installer/installer/settings"
)

func clientKeys() []string { return []string{"clientid", "applicationid", "appid"} }

func tenantKeys() []string { return []string{"tenantid", "tenant", "directoryid"} }

func hostKeys() []string { return []string{"instance", "authority", "authorityurl"} }

// signIn reads the address of a sign-in host, as Instance and Authority have it:
// the cloud that it is of, "" where it is none of Microsoft's, and the tenant in its
// path. It is not ok where it is no such address.
func signIn(text string) (cloud, tenant string, ok bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", "", false
	}
	tenant, _, _ = strings.Cut(strings.Trim(u.Path, "/"), "/")
	if settings.Validate(settings.TenantID, tenant) != nil {
		tenant = ""
	}
	return clouds()[strings.ToLower(u.Hostname())], tenant, true
}

// root is an address without its path.
func root(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// clouds are Microsoft's sign-in hosts and the cloud that each is of.
// https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (2025-01);
// the older names of the public cloud and of China are those that MSAL trusts.
func clouds() map[string]string {
	return map[string]string{
		"login.microsoftonline.com": "public", "login.windows.net": "public", "login.microsoft.com": "public", "sts.windows.net": "public",
		"login.microsoftonline.us": "usgov", "login.usgovcloudapi.net": "usgov",
		"login.partner.microsoftonline.cn": "china", "login.chinacloudapi.cn": "china",
	}
}
