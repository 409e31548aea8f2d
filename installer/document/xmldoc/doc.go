// Package xmldoc finds, replaces and adds values in XML: web.config, app.config
// and their like.
//
// # What it is
//
// A format of package document. An address is a small part of XPath 1.0:
//
//	/configuration/appSettings/add[@key="ClientSecret"]/@value   an attribute
//	/configuration/entra/secret                                  the text of an element
//	/configuration/appSettings[1]/add[3]/@value                  by position, from 1
//
// Steps are names as they are written in the file, with their prefix. Brackets
// hold an attribute and its value in double or single quotes, or a position among
// the elements that the brackets before leave; several may follow each other.
// There are no wildcards, no // and no functions. An address must lead to exactly
// one place, and must still lead there when the value has changed: an attribute
// whose value names its own element is no place. The path of a value is its address
// with the position of every step and nothing else.
//
// The text of an element is all of it, blanks and line ends included, CDATA
// sections as what they hold. An element that holds elements has none. <a></a>
// has an empty text, and so has <a/>, which becomes <a>…</a>.
//
// Adding makes an attribute that is missing, behind the others, or an element: add
// in the first address, with all attributes that its brackets and its end name,
// where appSettings is there. It comes behind the last element of its name, else
// behind the last of any, and looks as that one: quotes, the end of its tag,
// indentation, line end.
//
// # Invariants
//
//   - What is written is ASCII: other characters, tabs and line ends as &#xN;, in
//     the quotes that are there. A CDATA section stays one where the value is
//     printable ASCII without ]]>.
//   - Each body is read by this package's scanner and by encoding/xml in step, the
//     old one when it is opened, and they must see the same names and texts; the
//     old and the new body are compared piece by piece.
//   - Refused: DOCTYPE, references that need one, XML 1.1, an encoding that is
//     neither UTF-8, UTF-16 with a byte order mark, US-ASCII, ISO-8859-N nor
//     Windows-125N, or that contradicts the byte order mark; xmlns as a value; a
//     comment within a text; sections that .NET decrypts (configProtectionProvider,
//     EncryptedData) or reads from elsewhere (configSource, file, configBuilders);
//     keys of <add> that differ from the address in case only, which .NET takes
//     for the same.
//   - Characters that XML 1.0 cannot hold are refused: control characters, U+FFFE
//     and U+FFFF.
//
// # Units
//
// Reading takes time in proportion to the file, and memory in proportion to the
// nesting and the longest tag.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// XML 1.0, fifth edition: 2.2 characters, 2.11 line ends, 3.3.3 attribute values,
// 4.6 predefined entities. XPath 1.0, 2.4 predicates. .NET Framework's
// configuration schema: appSettings, configSource, configProtectionProvider,
// configBuilders. Saving web.config recycles the application: an edit is a restart
// (ASP.NET Core, advanced configuration of IIS).
package xmldoc
