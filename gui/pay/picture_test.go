package pay_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/internal/golden"
	"tillkeeper/gui/theme"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

var small = fyne.NewSize(1024, 600)

// start types an amount, presses Pay and lets the till begin.
func (s *screen) start(entries ...payment.Entry) {
	s.open()
	s.typeDigits("2490")
	s.Pay()
	if len(entries) > 0 {
		s.event(order("1007", payment.Sale, 2490, 0, entries[1:]...))
	}
	s.now = s.now.Add(14 * time.Second)
	s.ticks()
}

// end brings the running order to an end.
func (s *screen) end(entries ...payment.Entry) {
	s.start(entry(payment.KindCreated))
	s.event(order("1007", payment.Sale, 2490, 0, append([]payment.Entry{entry(payment.KindSent)}, entries...)...))
	s.wait()
}

// patient is a terminal that may take a card for three minutes.
func patient() *till.TerminalState {
	t := up(counter)
	t.Can.Limit = 3 * time.Minute
	return &t
}

func unknown(number string, minor int64, age time.Duration) payment.Record {
	return order(number, payment.Sale, minor, age, entry(payment.KindSent), doubt(payment.CodeLinkLost))
}

// states are all the faces of the screen, by the name of their picture.
var states = []struct {
	name    string
	play    func(s *screen)
	english bool // reached by tapping English words
}{
	{"idle", func(s *screen) { s.open() }, false},
	{"first-day", func(s *screen) { s.Reset(till.Snapshot{}) }, false},
	{"typed", func(s *screen) { s.open(); s.typeDigits("2490") }, false},
	{"connecting", func(s *screen) { s.start(entry(payment.KindCreated)) }, false},
	{"sent", func(s *screen) { s.start(entry(payment.KindCreated), entry(payment.KindSent)) }, false},
	{"waiting", func(s *screen) {
		s.start(entry(payment.KindCreated), entry(payment.KindSent), said(payment.KindWaiting, "Present card"))
	}, false},
	{"processing", func(s *screen) {
		s.start(entry(payment.KindCreated), entry(payment.KindSent), said(payment.KindProcessing, "Authorising"))
	}, false},
	{"cancel-requested", func(s *screen) {
		s.start(entry(payment.KindCreated), entry(payment.KindSent), said(payment.KindWaiting, "Present card"))
		s.Cancel()
	}, false},
	{"paid", func(s *screen) { s.end(answer(payment.Approved, "")) }, false},
	{"declined", func(s *screen) { s.end(answer(payment.Declined, payment.CodeInsufficientFunds)) }, false},
	{"cancelled", func(s *screen) { s.end(answer(payment.Cancelled, payment.CodeCancelledThere)) }, false},
	{"unknown", func(s *screen) { s.end(doubt(payment.CodeLinkLost)) }, false},
	{"checking", func(s *screen) { s.end(doubt(payment.CodeLinkLost)); s.CheckShown() }, false},
	{"asking", func(s *screen) {
		s.open()
		s.Query("1003")
		s.now = s.now.Add(3 * time.Second)
		s.ticks()
	}, false},
	{"refused-no-terminal", func(s *screen) {
		s.open()
		s.typeDigits("2490")
		s.till.err = payment.Errorf(payment.CodeCannotRecord, "disk full")
		s.Pay()
		s.finishWork()
		s.wait()
	}, false},
	{"partial", func(s *screen) {
		e := answer(payment.Approved, "")
		e.Facts.Partial, e.Facts.Amounts.Amount = true, payment.FromMinor(2000, "EUR")
		s.end(e)
	}, false},
	{"not-sent", func(s *screen) {
		e := entry(payment.KindNotSent)
		e.Code = payment.CodeNotReached
		s.start(entry(payment.KindCreated))
		s.event(order("1007", payment.Sale, 2490, 0, e))
		s.wait()
	}, false},
	{"refused", func(s *screen) {
		s.open()
		s.event(unknown("1007", 2490, 3*time.Minute))
		s.refuse()
	}, false},
	{"refused-approval", func(s *screen) {
		s.open()
		s.event(unknown("1007", 2490, 3*time.Minute))
		s.refuse()
		s.tap("Charge anyway")
	}, true},
	{"terminal-gone", func(s *screen) {
		s.open()
		gone := up(counter)
		gone.Link = payment.LinkState{Tried: true, Alive: noon.Add(-4 * time.Minute), Err: payment.ErrNotSent}
		s.Take(till.Event{Terminal: &gone})
	}, false},
	{"news", func(s *screen) {
		s.open()
		s.event(unknown("1007", 2490, 3*time.Minute))
		s.event(order("1007", payment.Sale, 2490, 3*time.Minute, entry(payment.KindSent), doubt(payment.CodeLinkLost), answer(payment.Approved, "")))
	}, false},
	{"open-case", func(s *screen) { s.open(); s.event(unknown("1007", 2490, 3*time.Minute)); s.typeDigits("990") }, false},
	{"prompt-shown", func(s *screen) {
		s.open()
		s.Take(till.Event{Terminal: patient()})
		s.event(unknown("1007", 2490, time.Minute))
	}, false},
	{"cash-asking", func(s *screen) { s.end(doubt(payment.CodeLinkLost)); s.WantCash() }, false},
	{"cash-take", func(s *screen) { s.end(answer(payment.Declined, payment.CodeDeclined)); s.WantCash() }, false},
	{"cash-unknown", func(s *screen) { s.end(doubt(payment.CodeLinkLost)); s.WantCash(); s.finishWork() }, false},
	{"pick-refund", func(s *screen) { s.open(); s.key(fyne.KeyF2) }, false},
	{"refund-dialog", func(s *screen) { s.open(); s.key(fyne.KeyF2); s.tap("€18.40, Paid, 13:59") }, true},
	{"void-dialog", func(s *screen) { s.open(); s.key(fyne.KeyF3); s.tap("€18.40, Paid, 13:59") }, true},
	{"details", func(s *screen) { s.open(); s.tap("€18.40, Paid, 13:59") }, true},
	{"query-result", func(s *screen) {
		s.open()
		s.till.answer = morning()[3]
		s.Query("1003")
		s.finishWork()
		s.wait()
	}, false},
	{"switch", func(s *screen) {
		s.open()
		second := up(terrace)
		second.Link.Up = false
		s.Take(till.Event{Terminal: &second})
		s.tap("Counter 1, Ready · just now")
	}, true},
}

func (s *screen) refuse() {
	s.typeDigits("2490")
	e := payment.Errorf(payment.CodeOpenUnknown, "it is not known yet")
	e.Order = "1007"
	s.till.err = e
	s.Pay()
	s.finishWork()
	s.wait()
}

func TestPicturesOfEveryState(t *testing.T) {
	golden.NotUnderRace(t)
	for _, variant := range []theme.Variant{theme.Light, theme.Dark} {
		for _, state := range states {
			name := state.name + "-" + string(variant)
			t.Run(name, func(t *testing.T) {
				s := newScreen(t, variant, "en", small, 1)
				state.play(s)
				golden.Match(t, name, s.window.Canvas().Capture())
			})
		}
	}
}

func TestPicturesLargeAndCzech(t *testing.T) {
	golden.NotUnderRace(t)
	large := newScreen(t, theme.Light, "en", fyne.NewSize(1920, 1080), 1.75)
	large.open()
	golden.Match(t, "idle-1920", large.window.Canvas().Capture())
	large.end(answer(payment.Approved, ""))
	golden.Match(t, "paid-1920", large.window.Canvas().Capture())

	czech := newScreen(t, theme.Light, "cs", small, 1)
	czech.open()
	czech.typeDigits("2490")
	golden.Match(t, "typed-czech", czech.window.Canvas().Capture())
	czech = newScreen(t, theme.Light, "cs", small, 1)
	czech.end(doubt(payment.CodeLinkLost))
	golden.Match(t, "unknown-czech", czech.window.Canvas().Capture())
}
