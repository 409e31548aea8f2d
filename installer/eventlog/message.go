package eventlog

import (
	"strings"
	"unicode/utf16"
)

// Registration is what the registry of Windows holds of a source.
type Registration struct {
	Key             string // below HKEY_LOCAL_MACHINE
	MessageFile     string // to be expanded; the first of its files that is there and knows an ID counts
	SupportedTypes  uint32
	HasCustomSource uint32 // 1: not made by a part of Windows
}

// ForWindows is the registration of our source. Its message files are those of
// the .NET Framework: each of its folders is there on some Windows only.
func ForWindows() Registration {
	const folder, file = `%SystemRoot%\Microsoft.NET\`, `\v4.0.30319\EventLogMessages.dll`
	const allTypes = 0x1 | 0x2 | 0x4 // error, warning, information
	return Registration{
		Key:            `SYSTEM\CurrentControlSet\Services\EventLog\Application\` + Source,
		MessageFile:    folder + "Framework64" + file + ";" + folder + "Framework" + file,
		SupportedTypes: allTypes, HasCustomSource: 1,
	}
}

// maxUnits is below the 31,839 UTF-16 units of one text of an event, which
// every Windows takes.
const maxUnits = 30000

// cut is put where a text was too long.
const cut = " [cut]"

// Message is a text as an event of Windows can hold it: with Windows' line
// ends, no longer than an event, without a NUL, and without %1, which whoever
// shows the event would take for a parameter.
func Message(text string) string {
	var b strings.Builder
	units, percent := 0, false
	put := func(s string) {
		b.WriteString(s)
		units += len(utf16.Encode([]rune(s)))
	}
	for _, r := range text {
		if units >= maxUnits {
			put(cut)
			break
		}
		if percent && '0' <= r && r <= '9' {
			put(" ")
		}
		percent = r == '%'
		switch r {
		case 0:
			put("�")
		case '\n':
			put("\r\n")
		case '\r':
		default:
			put(string(r))
		}
	}
	return b.String()
}
