// Package emulator is the command line of entra-emulator, a local Entra ID for
// demos and tests; package entratest is the emulator itself.
//
// # What it is
//
//	entra-emulator serve [--listen HOST:PORT] [--state FILE] --ca-file FILE --token-file FILE
//	        [--ready-file FILE] [--host NAME,…] [--seed N]
//	        [--pid-file FILE [--daemon [--log-file FILE]]]
//	entra-emulator stop --pid-file FILE
//	entra-emulator admin --url URL --ca-file FILE --token-file FILE VERB …
//
// The state file is in the documentation of package entratest. With --daemon
// the program returns once the server listens and every file is written; the
// ready file holds its URL. The log is beside the pid file unless --log-file
// says otherwise. The verbs of admin:
//
//	list-apps
//	set-app --app ID [--tenant ID] [--app-name NAME] [--disabled=true] [--blocked=true] [--public=true] [--redirect-uri URI]
//	add-password --app ID [--name NAME] [--key-id ID] [--start TIME] [--end TIME] [--value-stdin]
//	list-passwords --app ID
//	remove-password --app ID (--key-id ID | --name NAME | --except NAME)
//	expire-password --app ID (--key-id ID | --name NAME | --except NAME)
//	list-codes
//	approve [--code CODE] [--user EMAIL]
//	decline [--code CODE]
//	knob [NAME=VALUE …] | knob reset
//	requests [--count [--app ID] [--outcome WORD]]
//
// add-password prints the value that the server made up; with --value-stdin it
// reads the value and prints nothing. set-app registers what is not there.
// list-passwords prints key ID, hint, start, end and name, separated by tabs.
// list-codes prints the sign-ins by device code as JSON; approve and decline are
// what the user does at the page, for every code that waits unless one is named.
// --except means every password of the application but those of that name.
// knob without a word prints how the knobs stand. requests prints JSON, with
// --count the number of token requests.
//
// # Invariants
//
// No secret is an argument. The token file has mode 0600 and is made anew at
// each start, as is the certificate authority. A pid file is true only while
// its process holds it.
//
// # Errors
//
// Exit status 0, 1 for what went wrong and 2 for a wrong command line.
package emulator
