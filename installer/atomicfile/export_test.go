package atomicfile

import (
	"errors"
	"os"
	"time"
)

// The decisions about Windows, for the tests of every system.
const (
	GiveUp    = giveUp
	TryAgain  = tryAgain
	BringBack = bringBack
	GoInPlace = goInPlace
)

// NumberError is an error of Windows on a system that has none.
type NumberError uint32

func (n NumberError) Error() string { return "an error of Windows" }

func numbered(err error) uint32 {
	var n NumberError
	if errors.As(err, &n) {
		return uint32(n)
	}
	return 0
}

func Judge(number uint32) verdict { return judge(number) }

func WhyLocked(number uint32) string { return whyLocked(number) }

func KeptByOthers(number uint32) bool { return keptByOthers(number) }

func NoStreams(number uint32) bool { return noStreams(number) }

func Pause(attempt int, chance float64) time.Duration { return pause(attempt, chance) }

func Lost(what string) error { return lostError{what} }

// Calls are the calls of a replacement; Wait is told each pause.
type Calls struct {
	Still, Replace, Back func() error
	Wait                 func(time.Duration)
}

func (c Calls) wait(most time.Duration) *patience {
	return &patience{left: most, chance: func() float64 { return 0.5 }, wait: c.Wait}
}

// Run replaces with these calls.
func (c Calls) Run(most time.Duration) error {
	return replacement{still: c.Still, replace: c.Replace, back: c.Back, number: numbered}.run(c.wait(most))
}

// Retry opens with the call named Replace.
func (c Calls) Retry(most time.Duration) error { return retry(c.wait(most), numbered, c.Replace) }

func (p Pending) PatienceFor(inPlace bool) time.Duration { return p.patienceFor(inPlace) }

func (p Pending) Besides() []string { return p.besides() }

func NewAttributes(of uint32) uint32 { return newAttributes(of) }

func GivenAttributes(of uint32) uint32 { return givenAttributes(of) }

func AttributesText(of uint32) string { return attributesText(of) }

func StoredText(of uint32) string { return storedText(of) }

func ComparableList(text string) string { return comparableList(text) }

func Mixed(now, old, fresh string) bool { return mixed([]byte(now), []byte(old), []byte(fresh)) }

func Unlike(a, b map[string]string) string { return metadata(a).unlike(b) }

// TempOf is the name of what Create makes first.
func TempOf(path, chance string) string { return tempOf(path, chance) }

// What stands between the last look at a file and its replacement, for tests that
// let somebody else come in between.

func (p Pending) Look() (Identity, error) { return look(p.Real) }

func (p Pending) Still(seen Identity) error { return p.still(seen) }

func (p Pending) PutBack(now Identity) error { return p.putBack(now) }

func (p Pending) PutBackMissing() error { return p.putBackMissing() }

// WriteThrough writes in place through a file that was opened under the name.
func (p Pending) WriteThrough(file *os.File, seen Identity) (Result, error) {
	var r Result
	like, err := metadataOf(p.Real)
	if err == nil {
		err = p.writeThrough(&r, file, content{path: p.Temp, sha256: p.NewSHA256}, sight{seen, like})
	}
	return r, err
}

func MetadataOf(path string) (map[string]string, error) { return metadataOf(path) }

func Redress(file *os.File, before map[string]string) error { return redress(file, before) }

// Changed is the time that nobody sets.
func (id Identity) Changed() time.Time { return id.changed }

// Exchange is what follows the last look, where there is such a call.
func (p Pending) Exchange(seen Identity) (touched bool, err error) {
	e, ok := any(p).(interface {
		exchange(from string, seen Identity) (bool, error)
	})
	if !ok {
		return false, errors.ErrUnsupported
	}
	return e.exchange(p.Temp, seen)
}
