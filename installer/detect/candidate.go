package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// sureness is how sure it is that a key is that of the client secret.
type sureness int

const (
	foreign  sureness = iota // of another provider
	possible                 // nothing says what it is for
	likely                   // nothing speaks against it
	sure
)

func (s sureness) String() string {
	return [...]string{"of another provider", "possible", "likely", "sure"}[s]
}

// condition is what a key holds.
type condition int

const (
	filled  condition = iota
	hollow            // nothing, or a placeholder
	vaulted           // a reference to Azure Key Vault
)

// candidate is a key that could be that of the client secret.
type candidate struct {
	leaf
	sure    sureness
	why     string
	holds   condition
	line    int
	column  int
	refusal error // why it cannot be edited in place
}

// entraNames are names of sections that only Entra ID has, as normal writes them.
func entraNames() []string {
	return []string{
		"azuread", "azureadb2c", "azureactivedirectory", "aad", "entra", "entraid", "azureentra", "azureentraid", "microsoftentra",
		"microsoftentraid", "graph", "graphapi", "msgraph", "microsoftgraph", "microsoftidentity", "microsoftidentityweb", "microsoft", "ida",
	}
}

// commonNames are names of sections for the sign-in with any provider.
func commonNames() []string {
	return []string{
		"authentication", "auth", "identity", "identityprovider", "openidconnect", "oidc", "oauth", "oauth2", "clientcredentials",
		"security", "login", "sso", "azure", "app", "application", "settings",
	}
}

// foreignNames are names of sections of other providers.
func foreignNames() []string {
	return []string{
		"google", "facebook", "twitter", "github", "gitlab", "okta", "auth0", "keycloak", "linkedin", "salesforce", "slack", "apple",
		"amazon", "aws", "cognito", "paypal", "stripe", "onelogin", "pingidentity", "dropbox", "atlassian", "zoom",
	}
}

// maxCandidates bounds the work for a file that is full of such keys.
const maxCandidates = 100

// candidates are all keys that could be that of the client secret, the surest first.
func candidates(all []leaf) []candidate {
	var found []candidate
	for _, l := range all {
		c, ok := judge(l, all)
		if !ok {
			continue
		}
		switch text := strings.ToLower(l.text()); {
		case strings.HasPrefix(text, "@microsoft.keyvault("):
			c.holds = vaulted
		case text == "" || settings.IsPlaceholder(l.value):
			c.holds = hollow
		}
		m, err := document.Find(l.source.Data, l.source.Format, document.Slot{At: l.at})
		c.line, c.column, c.refusal = m.Line, m.Column, err
		if found = append(found, c); len(found) == maxCandidates {
			break
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return int(b.sure) - int(a.sure) })
	return found
}

// judge says whether a key could be that of the client secret, and how sure that
// is: by its name, by those of its section, and by what stands beside it.
func judge(l leaf, all []leaf) (candidate, bool) {
	section, weak, ok := secretKey(l)
	where := sectionOf(section)
	if !ok || weak && where != sure {
		return candidate{}, false
	}
	c := candidate{leaf: l}
	switch {
	case where == foreign:
		c.sure, c.why = foreign, "its section is that of another provider"
	case weak:
		c.sure, c.why = possible, "in a section of Entra ID, but its name is also that of other things"
	case otherSource(l, all):
		c.sure, c.why = possible, "SourceType beside it says that the secret is taken from elsewhere"
	case where == sure:
		c.sure, c.why = sure, "in a section of Entra ID"
	default:
		b := neighbours(all, l.source, identitySection(l.section()))
		c.sure, c.why = b.tell(where)
	}
	return c, true
}

// secretKey tells the names that say whose secret a key holds. It is weak where
// other things are called so, too.
func secretKey(l leaf) (section []string, weak, ok bool) {
	key := l.key()
	if before, found := strings.CutSuffix(strings.TrimSuffix(key, "value"), "clientsecret"); found {
		return append(slices.Clone(l.section()), before), false, true
	}
	weak = slices.Contains([]string{"appkey", "appsecret", "applicationsecret", "clientkey", "secret"}, key)
	return l.section(), weak, weak
}

// sectionOf judges names. The most telling one decides.
func sectionOf(names []string) sureness {
	known := likely
	for _, name := range names {
		switch n := normal(name); {
		case slices.Contains(foreignNames(), n):
			return foreign
		case slices.Contains(entraNames(), n):
			known = sure
		case n == "" || isNumber(n) || slices.Contains(commonNames(), n):
		case known != sure:
			known = possible
		}
	}
	return known
}

// identitySection is the section of the client that a section of credentials
// belongs to.
func identitySection(section []string) []string {
	if n := len(section); n >= 2 && isNumber(section[n-1]) && strings.HasSuffix(normal(section[n-2]), "credentials") {
		return section[:n-2]
	}
	return section
}

// otherSource reports whether an element of ClientCredentials[] says that its secret
// is not the one that stands in it.
func otherSource(l leaf, all []leaf) bool {
	return slices.ContainsFunc(all, func(other leaf) bool {
		return other.source.Path == l.source.Path && other.key() == "sourcetype" && other.within(l.section()) && normal(other.text()) != "clientsecret"
	})
}

// beside is what stands beside a secret.
type beside struct{ client, tenant, microsoft, elsewhere bool }

// tell says how sure a secret is in a section that does not say whose it is.
func (b *beside) tell(section sureness) (sureness, string) {
	switch {
	case b.client && (b.tenant || b.microsoft):
		return sure, "beside the IDs of a client and a tenant"
	case b.elsewhere:
		return possible, "the sign-in host beside it is not Microsoft's"
	case section == likely:
		return likely, "in a section for the sign-in, and nothing beside it names another provider"
	}
	return possible, "nothing tells what it is for"
}

func neighbours(all []leaf, in Source, section []string) beside {
	var b beside
	for _, l := range all {
		if l.source.Path == in.Path && l.within(section) {
			b.see(l)
		}
	}
	return b
}

func (b *beside) see(l leaf) {
	switch text := l.text(); {
	case slices.Contains(clientKeys(), l.key()):
		b.client = b.client || settings.Validate(settings.ClientID, text) == nil
	case slices.Contains(tenantKeys(), l.key()):
		b.tenant = b.tenant || settings.Validate(settings.TenantID, text) == nil
	case slices.Contains(hostKeys(), l.key()) && text != "":
		cloud, _, ok := signIn(text)
		b.microsoft = b.microsoft || cloud != ""
		b.elsewhere = b.elsewhere || ok && cloud == ""
	}
}

// says is a candidate as comments tell it.
func (c candidate) says() string {
	what := fmt.Sprintf("%s: %s, %s", c.sure, called(c.names), c.why)
	if c.line > 0 {
		what = fmt.Sprintf("%s (line %d, column %d)", what, c.line, c.column)
	}
	switch {
	case c.holds == vaulted:
		what += "; it holds a reference to Azure Key Vault, which this program cannot change: change the secret in the vault"
	case c.holds == hollow:
		what += "; it holds no secret now"
	case c.refusal != nil:
		what += "; it cannot be changed in place: " + c.refusal.Error()
	}
	return what
}
