package syntaxtest

import (
	"testing"
	"time"
)

// Linear proves that eight times the size takes no more than thirty times as long,
// which is not the sixty-four times of what is quadratic. Other work on the machine
// may slow the one or the other: only what is too slow each time is wrong.
func Linear(t *testing.T, name string, size int, run func(size int) time.Duration) {
	t.Helper()
	var few, many time.Duration
	for range 3 {
		few, many = run(size), run(8*size)
		t.Log(name, few, many)
		if many <= 30*few+time.Second {
			return
		}
	}
	t.Errorf("%s: %v for eight times of what took %v", name, many, few)
}
