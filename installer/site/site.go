package site

import (
	"errors"
	"slices"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Site is an installation and what is remembered of it.
type Site struct {
	Folder       Folder
	Installation release.Installation
	Record       Record
	Key          secret.Key
	HasKey       bool
}

// MaxFileBytes bounds a configuration file.
const MaxFileBytes = 16 << 20

// File is a configuration file as read, with the values at its slots.
type File struct {
	release.File
	Content atomicfile.File
	Format  document.Format
	Slots   []Slot
}

// Holds reports whether the file has a slot of a setting.
func (f File) Holds(setting string) bool {
	return slices.ContainsFunc(f.Slots, func(s Slot) bool { return s.Setting == setting })
}

// Slot is a setting's place and its present value.
type Slot struct {
	Setting string
	Place   document.Slot
	Value   secret.Value
	Line    int
	Column  int
}

// ReadFiles reads every configuration file and every slot. The error joins a
// *FileError for each file and slot that cannot be used.
func (s Site) ReadFiles() ([]File, error) {
	var files []File
	var problems []error
	for _, f := range s.Installation.Files {
		file, err := readFile(f)
		files = append(files, file)
		problems = append(problems, err)
	}
	return files, errors.Join(problems...)
}

func readFile(f release.File) (File, error) {
	file := File{File: f, Format: f.Format}
	content, err := atomicfile.Read(f.Path, MaxFileBytes)
	if err != nil {
		return file, &FileError{Path: f.Path, Cause: err}
	}
	file.Content = content
	var problems []error
	for _, s := range f.Slots {
		slot := Slot{Setting: s.Setting, Place: document.Slot{At: s.At, FinalNewline: f.FinalNewline}}
		match, err := document.Find(content.Data, file.Format, slot.Place)
		if err != nil {
			problems = appendNew(problems, &FileError{Path: f.Path, Cause: err})
			continue
		}
		slot.Value, slot.Line, slot.Column = match.Value, match.Line, match.Column
		file.Slots = append(file.Slots, slot)
	}
	return file, errors.Join(problems...)
}

// appendNew tells once what is wrong with a whole file, however many slots it
// has.
func appendNew(problems []error, err error) []error {
	if slices.ContainsFunc(problems, func(p error) bool { return p.Error() == err.Error() }) {
		return problems
	}
	return append(problems, err)
}

// Value is the present value of a setting: of the first slot that holds it,
// else of the description.
func (s Site) Value(files []File, setting string) (secret.Value, bool) {
	for _, f := range files {
		for _, slot := range f.Slots {
			if slot.Setting == setting {
				return slot.Value, true
			}
		}
	}
	text, ok := s.Installation.Settings[setting]
	return secret.New(text), ok
}

// Holds reports whether one of the files has a slot for a setting.
func Holds(files []File, setting string) bool {
	return slices.ContainsFunc(files, func(f File) bool { return f.Holds(setting) })
}

// Fingerprint is a value's fingerprint on this host; "" without a key.
func (s Site) Fingerprint(v secret.Value) string {
	if !s.HasKey {
		return ""
	}
	return s.Key.Fingerprint(v)
}
