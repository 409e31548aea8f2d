//go:build unix && bench

package benchedit_test

import (
	"bytes"
	"regexp"
)

// ideal is a file after an edit that changed the value and nothing else, and how
// much of its start and end is no part of the value.
type ideal struct {
	text       []byte
	head, tail int
}

// idealOf finds the value's span by two edits to values with nothing in common;
// quotes around it are part of it.
func idealOf(before, one, other []byte) ideal {
	head := min(common(one, other), common(one, before))
	tail := min(commonEnd(one, other), commonEnd(one, before), len(one)-head, len(before)-head)
	for head > 0 && bytes.IndexByte([]byte(`"'`), one[head-1]) >= 0 {
		head--
	}
	for tail > 0 && bytes.IndexByte([]byte(`"'`), one[len(one)-tail]) >= 0 {
		tail--
	}
	return ideal{one, head, tail}
}

// exact reports whether only the span differs, in whichever quotes.
func (i ideal) exact(after []byte) bool {
	return len(after) >= i.head+i.tail && len(after) <= len(i.text)+2 &&
		bytes.HasPrefix(after, i.text[:i.head]) && bytes.HasSuffix(after, i.text[len(i.text)-i.tail:])
}

func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonEnd(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// damage is what a tool did besides: lines and bytes that it took away from the
// ideal file and those that it added.
type damage struct{ linesGone, linesNew, bytesGone, bytesNew int }

func (d *damage) add(o damage) {
	d.linesGone += o.linesGone
	d.linesNew += o.linesNew
	d.bytesGone += o.bytesGone
	d.bytesNew += o.bytesNew
}

// damageOf compares by words and single characters.
func damageOf(want, got []byte) damage {
	var d damage
	d.linesGone, d.linesNew = unlike(bytes.SplitAfter(want, []byte("\n")), bytes.SplitAfter(got, []byte("\n")), func([]byte) int { return 1 })
	words := regexp.MustCompile(`(?s)[A-Za-z0-9_]+|.`)
	d.bytesGone, d.bytesNew = unlike(words.FindAll(want, -1), words.FindAll(got, -1), func(word []byte) int { return len(word) })
	return d
}

// unlike measures what is in one list only: outside of a longest common
// subsequence.
func unlike(want, got [][]byte, measure func([]byte) int) (gone, added int) {
	for len(want) > 0 && len(got) > 0 && bytes.Equal(want[0], got[0]) {
		want, got = want[1:], got[1:]
	}
	for len(want) > 0 && len(got) > 0 && bytes.Equal(want[len(want)-1], got[len(got)-1]) {
		want, got = want[:len(want)-1], got[:len(got)-1]
	}
	var sizes []int
	names := map[string]int{}
	name := func(parts [][]byte) (all []int, sum int) {
		for _, p := range parts {
			n, known := names[string(p)]
			if !known {
				n = len(sizes)
				names[string(p)], sizes = n, append(sizes, measure(p))
			}
			all, sum = append(all, n), sum+sizes[n]
		}
		return all, sum
	}
	a, sumA := name(want)
	b, sumB := name(got)
	kept := longest(a, b, sizes)
	return sumA - kept, sumB - kept
}

// longest is the size of the longest common subsequence.
func longest(a, b, sizes []int) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		corner := 0
		for i, y := range b {
			above := row[i+1]
			if x == y {
				row[i+1] = max(corner+sizes[x], above)
			} else {
				row[i+1] = max(above, row[i])
			}
			corner = above
		}
	}
	return row[len(b)]
}
