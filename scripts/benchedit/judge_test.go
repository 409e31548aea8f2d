//go:build unix && bench

package benchedit_test

import (
	"bufio"
	"encoding/json"
	"os/exec"

	"github.com/empowersuite/backend-installer/installer/document"
)

// judge is a running judge.py, which shares no parser with package document.
type judge struct {
	ask  *json.Encoder
	tell *bufio.Reader
}

// question is what judge.py is asked.
type question struct {
	Format document.Format `json:"format"`
	Source []byte          `json:"source"`
	At     string          `json:"at"`
	Tokens []string        `json:"tokens"`
	Object string          `json:"object"`
	Inner  *question       `json:"inner"`
}

// verdict is what the judge says about a value.
type verdict int

const (
	silent verdict = iota // it cannot read such a file, or there is no judge
	confirmed
	denied
)

// startJudge returns nil where there is no Python with PyYAML.
func (b *bench) startJudge() *judge {
	b.Helper()
	if err := exec.CommandContext(b.Context(), "python3", "-c", "import tomllib, yaml").Run(); err != nil {
		b.say("the judge is skipped: python3 with tomllib and PyYAML: %v", err)
		return nil
	}
	c := exec.CommandContext(b.Context(), "python3", "judge.py")
	in, errIn := c.StdinPipe()
	out, errOut := c.StdoutPipe()
	if errIn != nil || errOut != nil {
		b.Fatal(errIn, errOut)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	return &judge{json.NewEncoder(in), bufio.NewReader(out)}
}

// reads lets the judge read a job's value.
func (b *bench) reads(j job, src []byte) verdict {
	b.Helper()
	if b.judge == nil {
		return silent
	}
	q := j.question
	q.Source = src
	if err := b.judge.ask.Encode(q); err != nil {
		b.Fatal(err)
	}
	line, err := b.judge.tell.ReadBytes('\n')
	if err != nil {
		b.Fatal(err)
	}
	var answer struct{ Value, None *string }
	if err := json.Unmarshal(line, &answer); err != nil {
		b.Fatal(err)
	}
	switch {
	case answer.Value == nil:
		return silent
	case *answer.Value == value:
		return confirmed
	}
	return denied
}
