//go:build faults && linux && amd64

package powercut

import (
	"bytes"
	"iter"
	"maps"
	"path/filepath"
	"slices"
)

// doubt is something of which a power cut may leave several versions: the first
// is what is on the disk for certain, the last what programs see.
type doubt struct {
	of       *inode
	alone    bool   // it is combined with nothing
	entries  bool   // it is about a folder's entries: so many of the pending ones
	versions []held // else about what a file holds, or what is known about a folder
}

func (d doubt) count() int {
	if d.entries {
		return len(d.of.pending) + 1
	}
	return len(d.versions)
}

// pick is the version of each doubt.
type pick []int

// Bounds keep the states of one cut from becoming too many.
type Bounds struct {
	Most  int                    // of the products that are made as a whole
	Alone func(path string) bool // files whose versions are combined with nothing; nil for none
}

// States are those that a power cut may leave now: those that the package's
// description names, some of them twice.
func (d *Disk) States(b Bounds) iter.Seq[State] {
	return func(yield func(State) bool) {
		doubts := d.doubts(b)
		for p := range picks(doubts, b.Most) {
			if !yield(d.state(doubts, p)) {
				return
			}
		}
	}
}

// doubts are those about everything that a power cut can leave, in a fixed order.
func (d *Disk) doubts(b Bounds) []doubt {
	var all []doubt
	seen := map[*inode]bool{}
	var visit func(n *inode, path string)
	visit = func(n *inode, path string) {
		if seen[n] {
			return
		}
		seen[n] = true
		alone := b.Alone != nil && b.Alone(path)
		if versions := n.versions(); len(versions) > 1 {
			all = append(all, doubt{of: n, versions: versions, alone: alone})
		}
		if len(n.pending) > 0 {
			all = append(all, doubt{of: n, entries: true, alone: alone})
		}
		for _, name := range slices.Sorted(maps.Keys(n.disk.entries)) {
			visit(n.disk.entries[name], filepath.Join(path, name))
		}
		for _, e := range n.pending {
			for _, name := range slices.Sorted(maps.Keys(e)) {
				if e[name] != nil {
					visit(e[name], filepath.Join(path, name))
				}
			}
		}
	}
	visit(d.top, "")
	return all
}

// versions are what may be left of a file, or be known about a folder.
func (n *inode) versions() []held {
	var all []held
	add := func(meta Meta, data []byte) {
		same := func(h held) bool { return h.meta.equal(meta) && bytes.Equal(h.data, data) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, held{meta: meta, data: data})
		}
	}
	add(n.disk.meta, n.disk.data)
	if n.kind == File && !bytes.Equal(n.disk.data, n.now.data) {
		for _, data := range torn(n.disk.data, n.now.data) {
			add(n.now.meta, data)
		}
		add(n.disk.meta, n.now.data)
		add(n.now.meta, n.disk.data)
	}
	// The last is what programs see, also where half of it is the same already.
	seen := held{meta: n.now.meta, data: n.now.data}
	all = slices.DeleteFunc(all, func(h held) bool { return h.meta.equal(seen.meta) && bytes.Equal(h.data, seen.data) })
	return append(all, seen)
}

const sector = 512

// torn is what may be on the disk of a file that was written and not flushed,
// besides all and nothing.
func torn(before, now []byte) [][]byte {
	same := 0
	for same < min(len(before), len(now)) && before[same] == now[same] {
		same++
	}
	half := same + (len(now)-same)/2
	if half/sector > same/sector {
		half -= half % sector
	}
	part := slices.Clone(now[:half])
	rest := func(size int) []byte { return make([]byte, max(0, size)) }
	return [][]byte{
		append(slices.Clone(now[:same]), rest(len(now)-same)...),       // its new size, and zeros
		append(slices.Clone(part), rest(len(now)-half)...),             // half of it, then zeros
		append(slices.Clone(part), before[min(half, len(before)):]...), // half of it, and what was there
	}
}

// picks are, where they are at most most, all that differ in what is not alone.
// Else they differ in the entries of two folders at most. Last come those that differ
// in one doubt, whichever it is. What they differ from is everything as on the disk,
// and everything as seen.
func picks(doubts []doubt, most int) iter.Seq[pick] {
	product := 1
	onDisk, seen := make(pick, len(doubts)), make(pick, len(doubts))
	for i, d := range doubts {
		seen[i] = d.count() - 1
		if !d.alone {
			product = min(product*d.count(), most+1)
		}
	}
	return func(yield func(pick) bool) {
		for _, base := range []pick{onDisk, seen} {
			more := yield(base)
			if product > most {
				more = more && pairs(doubts, base, yield)
			}
			for i := range doubts {
				for one := range others(doubts, base, i) {
					more = more && yield(one)
				}
			}
			if !more {
				return
			}
		}
		if product <= most {
			each(doubts, slices.Clone(seen), 0, yield)
		}
	}
}

// each yields every way to pick those that are not alone, from one on.
func each(doubts []doubt, p pick, from int, yield func(pick) bool) bool {
	switch {
	case from == len(doubts):
		return yield(p)
	case doubts[from].alone:
		return each(doubts, p, from+1, yield)
	}
	for v := range doubts[from].count() {
		p[from] = v
		if !each(doubts, p, from+1, yield) {
			return false
		}
	}
	return true
}

// pairs yields what differs from a pick in the entries of two folders.
func pairs(doubts []doubt, base pick, yield func(pick) bool) bool {
	more := true
	for i := range doubts {
		for j := i + 1; j < len(doubts) && doubts[i].entries; j++ {
			if !doubts[j].entries {
				continue
			}
			for one := range others(doubts, base, i) {
				for two := range others(doubts, one, j) {
					more = more && yield(two)
				}
			}
		}
	}
	return more
}

// others are the picks that differ from one in one doubt.
func others(doubts []doubt, base pick, i int) iter.Seq[pick] {
	return func(yield func(pick) bool) {
		for v := range doubts[i].count() {
			p := slices.Clone(base)
			p[i] = v
			if v != base[i] && !yield(p) {
				return
			}
		}
	}
}

// state is what is left where the doubts are picked like this.
func (d *Disk) state(doubts []doubt, p pick) State {
	reached, versions := map[*inode]int{}, map[*inode]held{}
	for i, of := range doubts {
		if of.entries {
			reached[of.of] = p[i]
		} else {
			versions[of.of] = of.versions[p[i]]
		}
	}
	s, first := State{}, map[*inode]string{}
	var visit func(n *inode, path string)
	visit = func(n *inode, path string) {
		if path != "" {
			h, doubted := versions[n]
			if !doubted {
				h = n.disk
			}
			s[path] = Node{Kind: n.kind, Meta: h.meta, Data: h.data, Same: first[n]}
			if n.kind == File && first[n] == "" {
				first[n] = path
			}
			path += "/"
		}
		entries := n.entriesAfter(reached[n])
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			visit(entries[name], path+name)
		}
	}
	visit(d.top, "")
	return s
}
