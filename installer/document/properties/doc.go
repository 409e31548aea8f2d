// Package properties finds, replaces and adds values in Java's .properties files.
//
// # What it is
//
// A format of package document, after the rules of java.util.Properties: natural
// lines that a backslash joins, escapes, keys that end at the first =, : or
// blank, comments with # or !. An address is a key, exactly as Java sees it
// after its escapes are read: spring.datasource.password.
//
// A value reaches from its first character to the end of its logical line, all
// continuation lines included; a value that begins on the line below its key
// stays there. What is written is one line of ASCII, so that it means the same to
// readers that take the file for ISO-8859-1 (Java up to 8, Spring) and to those
// that take it for UTF-8. A value that is there is read as UTF-8 where the whole
// file is that, as ISO-8859-1 otherwise.
//
// A key that is added comes behind the last of the keys that share the most
// names with it, counted from the left between dots, or at the end of the file
// where none shares the first. It gets the indentation, separator and line end of
// the key that it follows.
//
// # Invariants
//
// What Spring, Jasypt and Spring Cloud would not take literally is neither
// replaced nor written: ${…} and #{…}, ENC(…), {cipher}. A key that is there
// twice is refused, and so is adding to a file of several documents (#---), or
// behind a last line that goes on, and a
// file with a byte order mark, which Java would take for a part of the first key.
// Every edit is read again by magiconair/properties; its two gaps, CRLF behind a
// backslash and surrogate pairs, are mended before it sees the file.
//
// # Units
//
// Reading takes time and memory in proportion to the file.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// java.util.Properties, load and LineReader (JDK 21). Spring Boot reference,
// Externalized Configuration, Multi-Document Files and Property Placeholders
// (3.4). Jasypt Spring Boot, ENC(). Spring Cloud Config, {cipher}.
package properties
