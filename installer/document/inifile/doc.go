// Package inifile finds and replaces the values of an INI file.
//
// # What it is
//
// There is no one INI: .NET's configuration, ini.v1 (Grafana, Gitea), Python's
// configparser, MySQL and PHP each read their own. A value is changed only where
// they agree on where it is and what it means, before and after. An address is
// section/key, or /key before the first section, with ~1 for a slash within a
// name and ~0 for a tilde.
//
// A value is written as it is, of A-Z a-z 0-9 _ ~ . / + = @ , : - and blanks
// within; or in the quotes that the old one had, which may hold all printable
// ASCII but the quote itself and # ; \ % $ and back quotes. PHP alone reads ~ and
// words like on or null as something else where they have no quotes. Quotes are
// not added, since only some readers take them off.
//
// A key is added behind the line that has it in a comment (;key =), else behind
// the last key of its section, in the notation of its neighbour. Sections are not
// added.
//
// # Invariants
//
// Names are compared exactly, but a key that is there twice to a reader that
// folds the case is refused, and so is one that readers see in different places:
// in lines that are indented deeper than a key (a value of several lines to
// configparser), behind a backslash at the end of a line or within """ and back
// quotes (ini.v1), behind a colon before the equals sign (.NET). A # or ; within
// a value begins a comment to some, quotes or not. References, %(x)s, ${x} and
// $__file{x}, are not replaced: what they name is what should change.
//
// # Units
//
// UTF-8, or UTF-16 with a byte order mark, which .NET reads. Reading takes time
// and memory in proportion to the file, a million keys in a section too. Files with
// values of several lines, or with keys that ini.v1 numbers, are bounded: 256 kB and
// 20,000 keys.
//
// # Errors
//
// All are *syntax.Error. A file that sops has signed is refused.
//
// # Sources
//
// IniStreamConfigurationProvider.cs in dotnet/runtime (read 2026-07), ini.v1
// 1.67.3, configparser of Python 3.11, PHP's manual of parse_ini_file, MySQL's of
// option files.
package inifile
