//go:build suites

package document_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"testing"
)

// oracle is a running testdata/oracle.py.
type oracle struct {
	to   io.Writer
	from *bufio.Reader
}

// python starts the oracle for a format. The test is skipped where it is not
// there: its formats have no other parser that the product does not use.
func python(t *testing.T, format string) reader {
	t.Helper()
	r, why := findPython(t, format)
	if why != "" {
		t.Skip(why)
	}
	return r
}

// findPython is the oracle, or why it is not there.
func findPython(t *testing.T, format string) (reader, string) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		return reader{}, "no python3"
	}
	if err := exec.CommandContext(t.Context(), path, "testdata/oracle.py", format).Run(); err != nil {
		return reader{}, "python3 cannot read " + format + " (python3-yaml, python3 3.11)"
	}
	cmd := exec.Command(path, "testdata/oracle.py") // ends with its input, behind the test
	to, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := to.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	o := oracle{to, bufio.NewReader(from)}
	return reader{"python3's parser of " + format, func(src []byte) ([]leaf, error) { return o.read(format, src) }}, ""
}

func (o oracle) read(format string, src []byte) ([]leaf, error) {
	request := struct {
		Format string `json:"format"`
		Source []byte `json:"source"`
	}{format, src}
	if err := json.NewEncoder(o.to).Encode(request); err != nil {
		return nil, err
	}
	line, err := o.from.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var answer struct {
		Error  string
		Leaves []leaf
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	return answer.Leaves, nil
}

// UnmarshalJSON reads a leaf of the oracle.
func (l *leaf) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&l.document, &l.path, &l.kind, &l.text})
}
