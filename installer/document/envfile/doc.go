// Package envfile finds, replaces and adds the values of files of environment
// variables: .env files, and the files that systemd's EnvironmentFile= names.
//
// # What it is
//
// Two dialects. Open is for .env files, which each reader reads in its own way:
// bash, compose-go, docker --env-file, envparse, godotenv, dotenv of npm,
// python-dotenv and gotenv. A value is changed only where they agree on where it
// is and what it means, before and after. OpenSystemd is for systemd alone, whose
// rules are written down: '…', "…", a backslash, lines that go on in the next one,
// and no expansion of anything. An address is the name of a variable; names that
// differ in case are different. "export " before a name is kept.
//
// A new value of a .env file has no quotes if it is of A-Z a-z 0-9 _ ~ . / + = @
// % , : and - only (each secret of Entra ID is) and no ~ begins it or follows a
// colon, where bash expands it. Where the old value had quotes, the new one has
// the same and may hold all that is printable but that quote, \ $ and back
// quotes. Quotes are not added: docker --env-file takes them for a part of the
// value. A file that has some is evidently not docker's.
//
// systemd can be given all text but control characters, of which a tab and a
// newline are possible; the quotes stay as they are where they can hold it, else
// they are single, else double.
//
// A variable is added at the end, with "export " where all others have it.
//
// # Invariants
//
// What only some readers would take for the end of a value makes the whole file
// unsafe, since all that follows depends on it: a quote that is not at the start
// of a value, something behind the closing one, a backslash before it or at the
// end of a line, a here-document, brackets or back quotes that do not end on their
// line. A comment that ends in a backslash swallows the next line in systemd
// before 254. What only leaves in doubt what one value means refuses that one:
// blanks around it, # and what is special to a shell or to a template, a value
// of several lines, backslashes that not all versions of systemd read alike.
//
// # Units
//
// UTF-8 without byte order mark, with LF or CRLF. Reading takes time and memory
// in proportion to the file.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// The sources of compose-go 2.16, docker's cli 28.3, envparse 0.1, godotenv 1.5.1,
// gotenv 1.6, dotenv 16.4 and 18.0 of npm, python-dotenv 0.21; bash(1);
// systemd.exec(5) and env-file.c of systemd 239 and 252 (all read 2026-11).
package envfile
