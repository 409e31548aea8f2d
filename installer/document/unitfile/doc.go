// Package unitfile finds, replaces and adds single settings in unit files of
// systemd and in their drop-ins.
//
// # What it is
//
// An address is Section/Key, the whole value of an assignment that is there once,
// or Section/Environment/NAME, as in Service/Environment/CLIENT_SECRET: one word
// NAME=value of the Environment= lines of a section, which may hold several words
// each, in quotes, with escapes, and go on in the next line behind a backslash,
// with comments between. Names are compared exactly.
//
// Environment= is no place for a secret: every user of the machine reads it with
// "systemctl show". EnvironmentFile= with a file of mode 0600 (package envfile), or
// LoadCredential=, keeps it. What is there already can be changed here.
//
// A word keeps its quotes; one without gets double quotes around all of it where
// the value needs some. What is not ASCII is written as \uXXXX. A % is written as
// %%, since it begins a specifier; $ means nothing in Environment=. A word is added
// in a line of its own behind the last Environment= of the section, another key
// behind the section's last assignment. Sections are not added.
//
// A whole value is printable text. Whether quotes, backslashes and % are part of
// it depends on the key: in Description, User, Group, WorkingDirectory,
// RootDirectory, PIDFile and EnvironmentFile they are, and % is written as %%; in
// the others they are neither changed nor written.
//
// # Invariants
//
// A word is refused where a second one of its name or a later Environment= without
// a value takes it back, where it holds a specifier, where only a part of it is in
// quotes or where it goes on in the next line. A file is refused where systemd
// would ignore a line (no equals sign, no section, invalid escapes) or where
// readers differ: comments that end in a backslash, two backslashes at the end of
// a line, a carriage return alone.
//
// The second parser is go-systemd. It takes a comment within a continuation for a
// part of the value, so it is given the file without lines that begin with # or
// ;. That is systemd's own rule, which asks for nothing but the line itself: the
// parser remains independent in all else, sections, names, continuations and
// values. Words are taken apart for it by regular expressions.
//
// # Units
//
// UTF-8 with or without byte order mark, LF or CRLF; lines of 1 MiB at most, as
// systemd reads them. Reading takes time and memory in proportion to the file.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// systemd.syntax(7), systemd.exec(5), systemd.unit(5); conf-parser.c,
// extract-word.c and load-fragment.c of systemd 252 (read 2026-11); go-systemd
// 22.7.
package unitfile
