package atomicfile

import (
	"errors"
	"fmt"
	"time"
)

// What Windows says of a replacement, by its numbers. The decisions on them are
// here, and are tested on every system; the calls are in replace_windows.go.
const (
	errorAccessDenied       = 5
	errorNotSameDevice      = 17
	errorSharingViolation   = 32
	errorLockViolation      = 33
	errorNotSupported       = 50
	errorInvalidParameter   = 87
	errorUnableToRemove     = 1175 // both files keep their names
	errorUnableToMove       = 1176 // the same, where a backup name was given
	errorUnableToMoveSecond = 1177 // the old file has the backup's name, and none has its own
	errorUserMapped         = 1224
)

// noStreams tells that a file or its volume has no alternate data streams.
func noStreams(number uint32) bool {
	switch number {
	case 1, 38, errorNotSupported, errorInvalidParameter, 120: // not a function, the end, …, not implemented
		return true
	}
	return false
}

// verdict is what follows from an error of a replacement.
type verdict int

const (
	giveUp verdict = iota
	tryAgain
	bringBack // then try again
	goInPlace
)

func judge(number uint32) verdict {
	switch number {
	case errorAccessDenied, errorSharingViolation, errorLockViolation, errorUserMapped, errorUnableToRemove, errorUnableToMove:
		return tryAgain
	case errorUnableToMoveSecond:
		return bringBack
	case errorNotSameDevice, errorNotSupported, errorInvalidParameter:
		return goInPlace
	}
	return giveUp
}

// keptByOthers tells errors that another program's hold on the file is the only
// cause of.
func keptByOthers(number uint32) bool {
	return number == errorSharingViolation || number == errorLockViolation || number == errorUserMapped
}

// whyLocked says why a file is not replaced, where writing in place may still
// work; "" where it cannot.
func whyLocked(number uint32) string {
	switch number {
	case errorAccessDenied:
		return "the file is open in another program, or this account may not delete it"
	case errorSharingViolation, errorLockViolation, errorUnableToRemove, errorUnableToMove, errorUnableToMoveSecond:
		return "the file is open in another program, which does not let it be replaced"
	case errorUserMapped:
		return "the file is mapped into the memory of another program"
	case errorNotSameDevice:
		return "what was staged is on another volume"
	case errorNotSupported, errorInvalidParameter:
		return "the file system cannot replace a file and keep its attributes"
	}
	return ""
}

// lostError says what a replacement lost. It was undone.
type lostError struct{ what string }

func (e lostError) Error() string { return "a replacement would lose the file's " + e.what }

// The pauses between attempts: they double from the first to the longest, each
// up to half shorter by chance, so that two programs do not keep meeting.
const (
	firstPause   = 5 * time.Millisecond
	longestPause = 500 * time.Millisecond
)

// pause is how long to wait after an attempt; chance is from 0 to below 1.
func pause(attempt int, chance float64) time.Duration {
	most := longestPause
	if attempt < 7 {
		most = min(most, firstPause<<attempt)
	}
	return most - time.Duration(float64(most)/2*chance)
}

// patience is a bounded wait for others.
type patience struct {
	left   time.Duration
	chance func() float64
	wait   func(time.Duration)

	attempt int
}

// again waits, and reports false once the bound is reached.
func (w *patience) again() bool {
	if w.left <= 0 {
		return false
	}
	d := min(pause(w.attempt, w.chance()), w.left)
	w.wait(d)
	w.left -= d
	w.attempt++
	return true
}

// replacement is the calls of one replacement. number tells the system's own
// number of an error, 0 where it has none.
type replacement struct {
	still   func() error // fails where the file is no more the one that was read
	replace func() error // the staged file gets the name, the old one the backup's
	back    func() error // the old one gets its name again
	number  func(error) uint32
}

// run replaces, and waits where another program keeps the file. Whatever it
// returns, the file has its name; where that is not to be had the error says so.
func (r replacement) run(w *patience) error {
	for {
		if err := r.still(); err != nil {
			return err
		}
		err := r.replace()
		if err == nil {
			return nil
		}
		v := judge(r.number(err))
		if v == bringBack {
			if lost := r.restore(w); lost != nil {
				return errors.Join(err, lost)
			}
		}
		if v == giveUp || v == goInPlace || !w.again() {
			return err
		}
	}
}

// restore comes first of all, so it does not end with the patience that is
// left, and has its own.
func (r replacement) restore(w *patience) error {
	own := patience{left: DefaultPatience, chance: w.chance, wait: w.wait}
	for {
		err := r.back()
		if err == nil {
			return nil
		}
		if judge(r.number(err)) != tryAgain || !own.again() {
			return fmt.Errorf("give the file its name again: %w", err)
		}
	}
}

// retry repeats an attempt that another program's hold on the file may end.
func retry(w *patience, number func(error) uint32, attempt func() error) error {
	for {
		err := attempt()
		if err == nil || judge(number(err)) != tryAgain || !w.again() {
			return err
		}
	}
}

// For a replacement is four parts of five of the patience, the rest for opening
// the file to write it in place.
func (p Pending) patienceFor(inPlace bool) time.Duration {
	whole := p.Patience
	if whole == 0 {
		whole = DefaultPatience
	}
	if inPlace {
		return whole / 5
	}
	return whole - whole/5
}
