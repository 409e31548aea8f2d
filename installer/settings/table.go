package settings

import "slices"

// All is the table, in the wizard's order.
func All() []Setting {
	return slices.Concat(environmentTable(), databaseTable(), networkTable(), identityTable(), operationsTable())
}

func environmentTable() []Setting {
	return []Setting{
		{
			Key: Environment, Group: GroupEnvironment, Kind: Name, Required: true, Title: "Environment",
			Help: "the name of this installation on its host, such as PROD; it is part of folders and service names",
		},
		{
			Key: Hosting, Group: GroupEnvironment, Kind: Choice, Default: "on-premises", Env: "EMPOWER_HOSTING",
			Choices: []string{"on-premises", "corporate-cloud", EmpowerCloud}, Title: "Hosting",
			Help: "who runs the backend: you, in your own rooms or your own cloud, or the vendor",
		},
	}
}

func databaseTable() []Setting {
	return []Setting{
		{
			Key: "database.server", Group: GroupDatabase, Kind: Text, Env: "EMPOWER_DATABASE_SERVER", Title: "SQL Server",
			Help: "the SQL Server that holds the backend's database, as host, host,port or host\\instance",
		},
		{
			Key: "database.name", Group: GroupDatabase, Kind: Text, Default: "empower", Env: "EMPOWER_DATABASE_NAME",
			Title: "Database", Help: "the name of the database, which exists already",
		},
		{
			Key: "database.user", Group: GroupDatabase, Kind: Text, Env: "EMPOWER_DATABASE_USER", Title: "Access user",
			Help: "the login that the backend uses, with empowerRole and hangfireRole, never sysadmin",
		},
		{
			Key: "database.password", Group: GroupDatabase, Kind: Secret, Env: "EMPOWER_DATABASE_PASSWORD",
			Title: "Password of the access user", Help: "the password of that login",
		},
	}
}

func networkTable() []Setting {
	return []Setting{
		{
			Key: Listen, Group: GroupNetwork, Kind: Address, Default: "127.0.0.1:5080", Env: "EMPOWER_LISTEN",
			Title: "Listen address", Help: "the address and port at which the backend answers",
		},
		{
			Key: PublicURL, Group: GroupNetwork, Kind: URL, Env: "EMPOWER_PUBLIC_URL", Title: "Public URL",
			Help: "the https address at which clients reach the backend, behind your reverse proxy",
		},
		{
			Key: ServiceAccount, Group: GroupNetwork, Kind: Text, Env: "EMPOWER_SERVICE_ACCOUNT", Title: "Service account",
			Help: `the account that the services run as, such as CONTOSO\svc-empower; empty for one of their own`,
		},
		{
			Key: ServicePassword, Group: GroupNetwork, Kind: Secret, Env: "EMPOWER_SERVICE_ACCOUNT_PASSWORD",
			Title: "Password of the service account", Help: "on Windows, the password of a domain's or local user; other accounts have none",
		},
		{
			Key: NetworkProxy, Group: GroupNetwork, Kind: Proxy, Env: "EMPOWER_PROXY", Title: "Proxy",
			Help: "the proxy on the way to the internet, such as http://proxy.example:3128; empty for none",
		},
	}
}

func identityTable() []Setting {
	return []Setting{
		{
			Key: TenantID, Group: GroupIdentity, Kind: Tenant, Required: true, Env: "EMPOWER_ENTRA_TENANT_ID",
			Title: "Tenant", Help: "the Directory (tenant) ID, or a verified domain of the tenant",
		},
		{
			Key: ClientID, Group: GroupIdentity, Kind: GUID, Required: true, Env: "EMPOWER_ENTRA_CLIENT_ID",
			Title: "Application (client) ID", Help: "the Application (client) ID of the app registration",
		},
		{
			Key: ClientSecret, Group: GroupIdentity, Kind: Secret, Required: true, Env: "EMPOWER_ENTRA_CLIENT_SECRET",
			Title: "Client secret", Help: "the Value of the client secret, which the portal shows once; not its Secret ID",
		},
		{
			Key: ClientSecretExpires, Group: GroupIdentity, Kind: Date, Env: "EMPOWER_ENTRA_CLIENT_SECRET_EXPIRES",
			Title: "Last day of the client secret", Help: "the day on which the client secret expires, as 2026-12-31; the portal shows it beside the value",
		},
		{
			Key: ClientSecretID, Group: GroupIdentity, Kind: GUID, Env: "EMPOWER_ENTRA_CLIENT_SECRET_ID",
			Title: "Secret ID of the client secret", Help: "the Secret ID of the client secret, which the portal shows beside the value; it is recorded, and tells secrets apart",
		},
		{
			Key: EntraCloud, Group: GroupIdentity, Kind: Choice, Default: "public", Env: "EMPOWER_ENTRA_CLOUD",
			Choices: []string{"public", "usgov", "china"}, Title: "Cloud", Help: "the Microsoft cloud that the tenant lives in",
		},
		{
			Key: EntraAuthority, Group: GroupIdentity, Kind: Root, Env: "EMPOWER_ENTRA_AUTHORITY", Title: "Authority",
			Help: "another sign-in host than that of the cloud, as https://host; empty for the cloud's own",
		},
		{
			Key: EntraCABundle, Group: GroupIdentity, Kind: Path, Env: "EMPOWER_ENTRA_CA_BUNDLE", Title: "CA bundle",
			Help: "a PEM file with certificate authorities to trust besides the system's, for a proxy that inspects TLS",
		},
		{
			Key: EntraProxy, Group: GroupIdentity, Kind: Proxy, Env: "EMPOWER_ENTRA_PROXY", Title: "Proxy to Entra ID",
			Help: "another proxy for Entra ID than network.proxy",
		},
		{
			Key: Confirmations, Group: GroupIdentity, Kind: Integer, Default: "3", Min: 1, Max: 10,
			Env: "EMPOWER_ENTRA_CONFIRMATIONS", Title: "Confirmations",
			Help: "how many times in a row Entra ID has to accept a fresh secret",
		},
	}
}

func operationsTable() []Setting {
	return []Setting{
		{
			Key: "sync.enabled", Group: GroupOperations, Kind: Boolean, Default: "true", Env: "EMPOWER_SYNC_ENABLED",
			Title: "Directory sync", Help: "whether users and groups are synchronised from Entra ID",
		},
		{
			Key: "sync.everyMinutes", Group: GroupOperations, Kind: Integer, Default: "60", Min: 5, Max: 1440,
			Env: "EMPOWER_SYNC_EVERY_MINUTES", Title: "Minutes between syncs", Help: "how many minutes lie between two synchronisations",
		},
		{
			Key: "logging.level", Group: GroupOperations, Kind: Choice, Default: "Information", Env: "EMPOWER_LOGGING_LEVEL",
			Choices: []string{"Trace", "Debug", "Information", "Warning", "Error"}, Title: "Log level", Help: "how much the backend logs",
		},
		{
			Key: "logging.retainDays", Group: GroupOperations, Kind: Integer, Default: "30", Min: 1, Max: 3650,
			Env: "EMPOWER_LOGGING_RETAIN_DAYS", Title: "Days that logs are kept", Help: "after how many days the backend deletes its logs",
		},
	}
}

// Find is the row of a key.
func Find(key string) (Setting, bool) {
	for _, s := range All() {
		if s.Key == key {
			return s, true
		}
	}
	return Setting{}, false
}

// Default is the default of a key; "" where there is none.
func Default(key string) string {
	s, _ := Find(key)
	return s.Default
}

// IsSecret reports whether a key is that of a secret.
func IsSecret(key string) bool {
	s, _ := Find(key)
	return s.Kind == Secret
}

// Known reports whether there is a setting of that key, and whether it is a
// secret.
func Known(key string) (isSecret, ok bool) {
	s, ok := Find(key)
	return s.Kind == Secret, ok
}

// Describable reports whether a setting may change in the description of an
// installation, where no file holds it: those that this program itself uses.
func Describable(key string) bool {
	return slices.Contains([]string{
		Hosting, TenantID, ClientID, EntraCloud, EntraAuthority, EntraCABundle, EntraProxy, NetworkProxy, Confirmations,
	}, key)
}

// Told reports whether a setting tells of the client secret: it is recorded, and
// belongs in no file and no description.
func Told(key string) bool { return key == ClientSecretExpires || key == ClientSecretID }

// SecretKeys are the keys of all secrets, in the table's order.
func SecretKeys() []string {
	var keys []string
	for _, s := range All() {
		if s.Kind == Secret {
			keys = append(keys, s.Key)
		}
	}
	return keys
}
