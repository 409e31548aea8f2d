// Package installer holds no code: it is the map of the packages below it.
//
// # What it is
//
// Packages stand on floors and imports only point down: a package imports
// packages of lower floors, never one of its own floor or above. Rules turn
// bytes or structs into bytes or structs and touch nothing. Drivers are thin:
// one noun of the outside world each. Flows join them. The table is read by
// arch_test.go, which fails when a package is missing here or breaks it.
//
//	7.6       scripts/powercut       what a power cut leaves of a program's run, for tests in scripts
//	7.6       scripts/kit            what tests of the finished programs share, for tests in scripts
//	7.5       scripts/tracer         shows and spoils the system calls of a program, for tests in scripts
//	7         cmd/installer          the program: Main's status to the operating system
//	7         cmd/entra-emulator     a local Entra ID for demos and tests
//	7         cmd/reference-backend  a small real backend, the payload of the demo
//	6         cmd/entra-emulator/emulator    the emulator's command line, for its main
//	5         cmd/reference-backend/backend  the reference backend itself, for its main and for scripts of cli
//	6         cli                    argv, environment and streams into options; errors into text and exit status
//	5.5       secrets                the client secrets of the application: lists them, makes one and switches to it, retires them
//	5         adopt                  finds and registers an installation made by others
//	5         configure              changes settings of an installation that stands
//	5         edit                   changes one value of any file
//	5         handoff                hands a secret over by a one-time link, and takes it
//	5         install                puts a release on a host
//	5         recovery               finishes or reverts what a run that was cut off left
//	5         status                 tells what is installed and how it does
//	5         verify                 proves the present state, read-only
//	5         watch                  warns in time of a client secret that ends
//	5         wizard                 asks for answers at a terminal
//	4.5       session                the frame around every command that changes an installation
//	4.4       explain                errors of the floors below into what people read
//	4.4       report                 what a command tells at its end
//	4.3       plan                   what will change, redacted
//	4.2       site                   an installation as it stands on this host
//	4.2       step                   one change with its undo
//	4.4       preflight              is the host ready for it
//	4.1       proof                  waits until Entra ID has proved something
//	4.1       rollout                restarts services in order and proves the new processes
//	4.1       run                    carries out acts with journal, undo and progress
//	3.5 rule  detect                 works out the description of an installation of the vendor's
//	3.1 rule  expiry                 when to warn of a client secret that ends, and in which words
//	3.1 rule  registration           the vendor's package of an app registration
//	3 rule    layout                 where things are, per platform
//	3 rule    release                release manifests and installation descriptions
//	3 rule    render                 templates into files
//	3 rule    schedule               systemd units and scheduled tasks that run this program
//	3 rule    settings               typed settings, their origin, their table
//	3 driver  entra                  discovery and token requests
//	3 driver  eventlog               the operating system's log for events
//	3 driver  graph                  client secrets of an application in Microsoft Graph
//	3 driver  health                 probes of a service
//	3 driver  host                   facts of the operating system
//	3 driver  journal                durable record and lock
//	3 driver  keystore               credential store of the operating system
//	3 driver  onetime                servers for one-time links
//	3 driver  notify                 tells people and programs elsewhere: mail, webhook, a file of metrics
//	3 driver  prompt                 questions at a terminal
//	3 driver  signin                 access tokens for Microsoft Graph
//	3 driver  svc                    service managers
//	2.5       handed                 keeps what a one-time link gave until it is proven
//	2.4 rule  document               finds, replaces and adds values in configuration files
//	2.3 rule  document/kubernetes    a Secret's manifest, and files within it
//	2.2 rule  document/envfile       .env files and systemd's EnvironmentFile
//	2.2 rule  document/inifile       INI files
//	2.2 rule  document/jsonc         JSON, strict or as .NET reads it
//	2.2 rule  document/properties    Java properties
//	2.2 rule  document/tomldoc       TOML
//	2.2 rule  document/unitfile      systemd's unit files
//	2.2 rule  document/xmldoc        XML
//	2.2 rule  document/yamldoc       YAML
//	2.1 rule  document/syntax        what the formats have in common
//	2         atomicfile             replaces a file
//	2         exchange               one request to a service of Microsoft, and what went wrong
//	2         cmd/daemon             detaches a program of ours, with a process ID file that is true
//	2         proc                   runs a program
//	2         yamltree               YAML with positions; the only door to yaml.v3
//	1.5       outbound               the way to a server: proxy, certificate authorities
//	1 rule    access                 who may read what on Windows, as text
//	1         fault                  the error that people see
//	1         progress               events that cli draws
//	1 rule    remedy                 what remedies say in other words on each system
//	1         secret                 text that cannot be printed
//	1         term                   streams and terminals
//	1 rule    winpath                paths and arguments of Windows, on every system
//	0         configs                embedded defaults and examples
//	0         templates              the embedded release
//
// # Invariants
//
// A package `x/xtest` holds the contract test and the fake of x. It stands on
// the floor of x, may import x, and is imported only by tests; entratest also
// by cmd/entra-emulator and by packages below scripts. A rule imports no os, net or context and takes time
// and chance as parameters. Neither rule nor driver logs. Each third-party
// module has one home, named in arch_test.go.
package installer
