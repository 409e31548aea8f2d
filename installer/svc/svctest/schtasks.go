package svctest

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
)

// PlaceSchtasks puts a program schtasks into a folder: this test's binary, whose
// TestMain calls Impersonate. It keeps the tasks in files beside itself, and
// takes no XML that the schema forbids.
func PlaceSchtasks(folder string) error {
	return errors.Join(place(SchtasksIn(folder)), os.MkdirAll(filepath.Join(folder, tasksFolder), 0o700))
}

// SchtasksIn is the path of that program.
func SchtasksIn(folder string) string { return filepath.Join(folder, "schtasks"+suffix()) }

const tasksFolder = "tasks"

// TaskText is the XML of a task that is there, in UTF-8.
func TaskText(folder, name string) (string, error) {
	text, err := os.ReadFile(taskFile(folder, name))
	return string(text), err
}

func taskFile(folder, name string) string {
	return filepath.Join(folder, tasksFolder, strings.ReplaceAll(strings.TrimPrefix(name, `\`), `\`, "~")+".xml")
}

// schtasksProgram ends with 0, or with 1 and a line that begins ERROR.
func schtasksProgram(argv []string, _ io.Reader, out io.Writer) (int, error) {
	values := map[string]string{}
	for i := 2; i < len(argv); i++ {
		if option := argv[i]; option != "/F" && i+1 < len(argv) {
			i++
			values[option] = argv[i]
		}
	}
	if values["/TN"] == "" || argv[1] != "/Query" && !slices.Contains(argv, "/F") {
		return 1, errors.New("a name and, where it would ask, /F are wanted")
	}
	file := taskFile(filepath.Dir(argv[0]), values["/TN"])
	if argv[1] == "/Create" {
		return 0, createTask(file, values["/XML"])
	}
	if _, err := os.Stat(file); err != nil {
		return 1, errors.New("the system cannot find the file specified")
	}
	if argv[1] == "/Delete" {
		return 0, os.Remove(file)
	}
	_, err := fmt.Fprintln(out, values["/TN"], "Ready")
	return 0, err
}

func createTask(file, source string) error {
	stored, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	text, err := fromUTF16(stored)
	if err != nil {
		return err
	}
	if err := checkTask(text); err != nil {
		return fmt.Errorf("the task XML is malformed: %w", err)
	}
	return os.WriteFile(file, text, 0o600)
}

func fromUTF16(stored []byte) ([]byte, error) {
	rest, marked := bytes.CutPrefix(stored, []byte{0xff, 0xfe})
	if !marked || len(rest)%2 != 0 {
		return nil, errors.New("not UTF-16 with a byte order mark")
	}
	units := make([]uint16, 0, len(rest)/2)
	for pair := range slices.Chunk(rest, 2) {
		units = append(units, binary.LittleEndian.Uint16(pair))
	}
	return []byte(string(utf16.Decode(units))), nil
}

// node is an element of any name.
type node struct {
	XMLName  xml.Name `xml:""`
	Text     string   `xml:",chardata"`
	Children []node   `xml:",any"`
}

// checkTask holds a text against the schema of [MS-TSCH] 2.5, as far as
// taskSchema has it.
func checkTask(text []byte) error {
	const declaration = `<?xml version="1.0" encoding="UTF-16"?>`
	rest, declared := strings.CutPrefix(string(text), declaration)
	if !declared {
		return errors.New("it does not say that it is UTF-16")
	}
	var root node
	if err := xml.Unmarshal([]byte(rest), &root); err != nil {
		return err
	}
	if root.XMLName != (xml.Name{Space: "http://schemas.microsoft.com/windows/2004/02/mit/task", Local: "Task"}) {
		return fmt.Errorf("the root is %v", root.XMLName)
	}
	return root.check()
}

// check looks at the children of an element: those of the schema only, each
// once, and in its order where that is a sequence.
func (n node) check() error {
	allowed, known := taskSchema()[n.XMLName.Local]
	if !known {
		return checkValue(n.XMLName.Local, n.Text)
	}
	last := -1
	var seen []string
	for _, child := range n.Children {
		name := child.XMLName.Local
		i := slices.Index(allowed.names, name)
		if i < 0 || slices.Contains(seen, name) || allowed.ordered && i < last {
			return fmt.Errorf("%s in %s", name, n.XMLName.Local)
		}
		last, seen = i, append(seen, name)
		if err := child.check(); err != nil {
			return err
		}
	}
	return nil
}
