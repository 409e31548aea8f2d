package atomicfile

import (
	"fmt"
	"strings"
)

// The file attributes of Windows that matter here, by their numbers in winnt.h.
const (
	attributeReadOnly   = 0x1
	attributeHidden     = 0x2
	attributeSystem     = 0x4
	attributeArchive    = 0x20
	attributeNormal     = 0x80
	attributeTemporary  = 0x100
	attributeCompressed = 0x800
	attributeNotIndexed = 0x2000
	attributeEncrypted  = 0x4000
)

// settable are the attributes that a file is given; Windows sets "archive" on
// every write by itself, so it is given and not compared.
const (
	settable = attributeReadOnly | attributeHidden | attributeSystem | attributeArchive | attributeTemporary | attributeNotIndexed
	compared = settable &^ attributeArchive
	stored   = attributeCompressed | attributeEncrypted // how the volume stores it; a replacement carries it over
)

// newAttributes are for the creation of a file like one with these attributes:
// what is encrypted is so from its first byte.
func newAttributes(of uint32) uint32 {
	if all := of & (settable&^attributeReadOnly | attributeEncrypted); all != 0 {
		return all
	}
	return attributeNormal
}

// givenAttributes are what SetFileAttributes is told to make them so again.
func givenAttributes(of uint32) uint32 {
	if all := of & settable; all != 0 {
		return all
	}
	return attributeNormal
}

func attributesText(of uint32) string { return fmt.Sprintf("%#x", of&compared) }

func storedText(of uint32) string { return fmt.Sprintf("%#x", of&stored) }

// comparableList is the text form of an access list without the marks that tell
// how it came to be: they differ between programs, and protect nothing.
func comparableList(text string) string {
	head, tail, ok := strings.Cut(text, "D:")
	if !ok {
		return text
	}
	marks, entries, found := strings.Cut(tail, "(")
	if found {
		entries = "(" + entries
	}
	marks = strings.NewReplacer("AI", "", "AR", "").Replace(marks)
	return head + "D:" + marks + entries
}
