package cli

// Environment variables of the program itself; those of settings are in the
// settings' table.
const (
	envEnvironment = "EMPOWER_ENVIRONMENT"
	envState       = "EMPOWER_STATE"
	envNoColor     = "NO_COLOR" // https://no-color.org
	envTerm        = "TERM"

	envLinkPassphrase = "EMPOWER_LINK_PASSPHRASE" //nolint:gosec // a name, not a passphrase
)

// Variable is an environment variable that the program reads.
type Variable struct{ Name, Gives string }

// Variables are those of the program itself.
func Variables() []Variable {
	return []Variable{
		{envEnvironment, "`--environment`"},
		{envState, "`--state`"},
		{envNoColor, "`--no-color`, when it is not empty"},
		{envTerm, "`dumb` asks in plain lines"},
		{envLinkPassphrase, "the passphrase of a one-time link"},
		{"HTTPS_PROXY, NO_PROXY", "the proxy to Entra ID and to servers for one-time links, where no setting names one"},
	}
}
