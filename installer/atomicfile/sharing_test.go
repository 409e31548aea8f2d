package atomicfile_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestEachErrorOfWindowsHasAConsequence(t *testing.T) {
	for number, want := range map[uint32]int{
		0: int(atomicfile.GiveUp), 2: int(atomicfile.GiveUp), 3: int(atomicfile.GiveUp), 112: int(atomicfile.GiveUp), 183: int(atomicfile.GiveUp),
		5: int(atomicfile.TryAgain), 32: int(atomicfile.TryAgain), 33: int(atomicfile.TryAgain), 1224: int(atomicfile.TryAgain),
		1175: int(atomicfile.TryAgain), 1176: int(atomicfile.TryAgain),
		1177: int(atomicfile.BringBack),
		17:   int(atomicfile.GoInPlace), 50: int(atomicfile.GoInPlace), 87: int(atomicfile.GoInPlace),
	} {
		if got := int(atomicfile.Judge(number)); got != want {
			t.Errorf("error %d: got %d, want %d", number, got, want)
		}
		if why := atomicfile.WhyLocked(number); (why == "") != (want == int(atomicfile.GiveUp)) {
			t.Errorf("error %d: the reason is %q", number, why)
		}
	}
	for number, want := range map[uint32]bool{32: true, 33: true, 1224: true, 5: false, 2: false, 0: false} {
		if got := atomicfile.KeptByOthers(number); got != want {
			t.Errorf("error %d: kept by others %v", number, got)
		}
	}
	for number, want := range map[uint32]bool{38: true, 50: true, 120: true, 87: true, 1: true, 5: false, 0: false} {
		if got := atomicfile.NoStreams(number); got != want {
			t.Errorf("error %d: no streams %v", number, got)
		}
	}
}

// script plays a replacement whose calls answer from lists, and notes them.
type script struct {
	answers map[string][]error
	calls   []string
	waited  []time.Duration
}

func (s *script) call(name string) func() error {
	return func() error {
		s.calls = append(s.calls, name)
		list := s.answers[name]
		if len(list) == 0 {
			return nil
		}
		if len(list) > 1 {
			s.answers[name] = list[1:]
		}
		return list[0]
	}
}

func (s *script) bind() atomicfile.Calls {
	return atomicfile.Calls{
		Still: s.call("still"), Replace: s.call("replace"), Back: s.call("back"),
		Wait: func(d time.Duration) { s.waited = append(s.waited, d) },
	}
}

func (s *script) total() time.Duration {
	var sum time.Duration
	for _, d := range s.waited {
		sum += d
	}
	return sum
}

func TestTheOrderOfAReplacement(t *testing.T) {
	changed, n := errors.New("changed"), func(number uint32) error { return atomicfile.NumberError(number) }
	for name, c := range map[string]struct {
		answers map[string][]error
		want    string
		err     error
	}{
		"at once":                           {nil, "still replace", nil},
		"changed before":                    {map[string][]error{"still": {changed}}, "still", changed},
		"open, then not":                    {map[string][]error{"replace": {n(32), n(5), nil}}, "still replace still replace still replace", nil},
		"changed while waiting":             {map[string][]error{"still": {nil, changed}, "replace": {n(32)}}, "still replace still", changed},
		"a full disk is not waited for":     {map[string][]error{"replace": {n(112)}}, "still replace", n(112)},
		"another volume is not waited for":  {map[string][]error{"replace": {n(17)}}, "still replace", n(17)},
		"the name is given back at once":    {map[string][]error{"replace": {n(1177), nil}}, "still replace back still replace", nil},
		"the name is given back, with time": {map[string][]error{"replace": {n(1177), nil}, "back": {n(32), nil}}, "still replace back back still replace", nil},
		"the name cannot be given back":     {map[string][]error{"replace": {n(1177)}, "back": {n(183)}}, "still replace back", n(183)},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{answers: c.answers}
			err := s.bind().Run(time.Second)
			if !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			if got := strings.Join(s.calls, " "); got != c.want {
				t.Errorf("called %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheWaitForOthersIsBounded(t *testing.T) {
	for _, attempt := range []func(atomicfile.Calls, time.Duration) error{atomicfile.Calls.Run, atomicfile.Calls.Retry} {
		s := &script{answers: map[string][]error{"replace": {atomicfile.NumberError(32)}}}
		if err := attempt(s.bind(), 8*time.Second); !errors.Is(err, atomicfile.NumberError(32)) {
			t.Errorf("got %v", err)
		}
		if got := s.total(); got != 8*time.Second || len(s.waited) < 10 || len(s.waited) > 60 {
			t.Errorf("waited %s in %d pauses", got, len(s.waited))
		}
	}
	s := &script{answers: map[string][]error{"replace": {atomicfile.NumberError(1177)}, "back": {atomicfile.NumberError(32)}}}
	if err := s.bind().Run(time.Millisecond); !errors.Is(err, atomicfile.NumberError(1177)) || !errors.Is(err, atomicfile.NumberError(32)) {
		t.Errorf("got %v", err)
	}
	if got := s.total(); got != atomicfile.DefaultPatience {
		t.Errorf("tried for %s to give the name back", got)
	}
}

func TestPausesDoubleByChanceUpToABound(t *testing.T) {
	for _, chance := range []float64{0, 0.5, 0.999} {
		var before time.Duration
		for attempt := range 100 {
			got := atomicfile.Pause(attempt, chance)
			if got < before || got <= 0 || got > 500*time.Millisecond {
				t.Errorf("attempt %d: %s after %s", attempt, got, before)
			}
			before = got
		}
	}
	if long, short := atomicfile.Pause(3, 0), atomicfile.Pause(3, 0.999); long != 40*time.Millisecond || short < 20*time.Millisecond || short >= long {
		t.Errorf("got %s, %s", long, short)
	}
}

func TestThePatienceIsSharedBetweenTheWays(t *testing.T) {
	for _, p := range []atomicfile.Pending{{}, {Patience: 3 * time.Second}} {
		whole := p.Patience
		if whole == 0 {
			whole = atomicfile.DefaultPatience
		}
		if sum := p.PatienceFor(false) + p.PatienceFor(true); sum != whole || p.PatienceFor(true) <= 0 {
			t.Errorf("got %s and %s of %s", p.PatienceFor(false), p.PatienceFor(true), whole)
		}
	}
}

func TestAttributesOfWindows(t *testing.T) {
	const readOnly, hidden, system, archive, normal, compressed, encrypted, offline = 0x1, 0x2, 0x4, 0x20, 0x80, 0x800, 0x4000, 0x1000
	for of, want := range map[uint32][2]uint32{
		normal:                               {normal, normal},
		compressed | offline:                 {normal, normal},
		readOnly:                             {normal, readOnly},
		hidden | system | archive:            {hidden | system | archive, hidden | system | archive},
		hidden | encrypted | compressed:      {hidden | encrypted, hidden},
		readOnly | hidden | offline | normal: {hidden, readOnly | hidden},
	} {
		if got := [2]uint32{atomicfile.NewAttributes(of), atomicfile.GivenAttributes(of)}; got != want {
			t.Errorf("%#x: got %#x, want %#x", of, got, want)
		}
	}
	if atomicfile.AttributesText(hidden|archive) != atomicfile.AttributesText(hidden) {
		t.Error("every write sets archive, which is no difference")
	}
	if atomicfile.AttributesText(hidden) == atomicfile.AttributesText(system) || atomicfile.StoredText(encrypted) == atomicfile.StoredText(0) {
		t.Error("a difference is not seen")
	}
}

func TestAccessListsAreComparedByWhatTheyAllow(t *testing.T) {
	for a, b := range map[string]string{
		"D:AI(A;ID;FA;;;SY)":         "D:(A;ID;FA;;;SY)",
		"D:PAI(A;;FA;;;BA)":          "D:P(A;;FA;;;BA)",
		"D:ARAI(A;;FA;;;BA)":         "D:(A;;FA;;;BA)",
		"O:SYD:PARAI(A;;FA;;;AI)":    "O:SYD:P(A;;FA;;;AI)",
		"D:NO_ACCESS_CONTROL":        "D:NO_ACCESS_CONTROL",
		"":                           "",
		"D:AI(A;;FA;;;SY)(D;;;;;AR)": "D:(A;;FA;;;SY)(D;;;;;AR)",
	} {
		if got := atomicfile.ComparableList(a); got != atomicfile.ComparableList(b) {
			t.Errorf("%q: got %q, want as of %q", a, got, b)
		}
	}
	lists := []string{"D:P(A;;FA;;;BA)", "D:(A;;FA;;;BA)", "D:(A;;FR;;;BA)", "D:(A;;FA;;;AI)", "D:(A;;FA;;;AR)", "D:NO_ACCESS_CONTROL"}
	for i, a := range lists {
		for _, b := range lists[i+1:] {
			if atomicfile.ComparableList(a) == atomicfile.ComparableList(b) {
				t.Errorf("%q is taken for %q", a, b)
			}
		}
	}
}

func TestADifferenceOfMetadataIsNamedWithoutItsValue(t *testing.T) {
	same := map[string]string{"owner": "0:0", "mode": "-rw-------"}
	for want, other := range map[string]map[string]string{
		"":                    {"owner": "0:0", "mode": "-rw-------"},
		"owner":               {"owner": "1:0", "mode": "-rw-rw----"},
		"mode":                {"owner": "0:0", "mode": "-rw-rw----"},
		"attribute user.note": {"owner": "0:0", "mode": "-rw-------", "attribute user.note": "x"},
	} {
		for _, got := range []string{atomicfile.Unlike(same, other), atomicfile.Unlike(other, same)} {
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	if got := atomicfile.Lost("access list").Error(); !strings.HasSuffix(got, "access list") {
		t.Errorf("got %q", got)
	}
}

func TestAMixtureIsOfOldAndNewBytesAndZeros(t *testing.T) {
	for now, want := range map[string]bool{
		"old": true, "new and": true, "ned": true, "nld": true, "\x00\x00\x00": true, "old\x00and": true, "new": true,
		"nex": false, "old x": false,
	} {
		if got := atomicfile.Mixed(now, "old", "new and"); got != want {
			t.Errorf("%q: got %v", now, got)
		}
	}
}

func TestNamesBesideAFileFitIntoAFolder(t *testing.T) {
	names := []string{"x", "appsettings.json", strings.Repeat("n", 255), strings.Repeat("漢", 85), strings.Repeat("m", 255)}
	var all []string
	for _, name := range names {
		p := atomicfile.Plan(atomicfile.File{Path: "/etc/" + name, Real: "/etc/" + name}, nil, "20060102T150405.000Z")
		for _, path := range p.Besides() {
			base := path[strings.LastIndexAny(path, `/\`)+1:]
			if len(base) > 255 || base[0] != '.' || slices.Contains(all, base) {
				t.Errorf("got %q", base)
			}
			all = append(all, base)
		}
	}
}
