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
	{"signature", func(s *screen) { s.end(wants(payment.Facts{Signature: true})) }, false},
	{"signature-rejecting", func(s *screen) { s.end(wants(payment.Facts{Signature: true})); s.Sign(false) }, false},
	{"signature-failed", func(s *screen) {
		s.end(wants(payment.Facts{Signature: true}))
		s.work = nil
		s.till.err = payment.Errorf(payment.CodeCannotRecord, "disk full")
		s.Sign(true)
		s.finishWork()
	}, false},
	{"taking-back", func(s *screen) { s.end(wants(payment.Facts{ReversalDue: true})) }, false},
	{"taken-back", func(s *screen) {
		s.end(wants(payment.Facts{ReversalDue: true}))
		s.event(reversed(payment.StatusApproved))
	}, false},
	{"not-taken-back", func(s *screen) {
		s.end(wants(payment.Facts{ReversalDue: true}))
		s.event(reversed(payment.StatusDeclined))
	}, false},
	{"taking-back-doubt", func(s *screen) {
		s.end(wants(payment.Facts{ReversalDue: true}))
		s.event(reversed(payment.StatusUnknown))
	}, false},
	{"cloud-idle", func(s *screen) { s.open(); s.Take(till.Event{Terminal: cloud()}) }, false},
	{"cloud-running", func(s *screen) { s.inCloud() }, false},
	{"cloud-unknown", func(s *screen) { s.inCloud(doubt(payment.CodeLinkLost)) }, false},
	{"able-idle", func(s *screen) { s.open(); s.Take(till.Event{Terminal: able()}) }, false},
	{"more", func(s *screen) {
		s.open()
		s.Take(till.Event{Terminal: able()})
		s.typeDigits("2490")
		s.key(fyne.KeyF5)
	}, false},
	{"more-no-amount", func(s *screen) { s.open(); s.Take(till.Event{Terminal: able()}); s.key(fyne.KeyF5) }, false},
	{"reserving", func(s *screen) { s.reserve(entry(payment.KindSent)) }, false},
	{"reserved", func(s *screen) { s.reserve(entry(payment.KindSent), answer(payment.Approved, "")) }, false},
	{"pick-reserve", func(s *screen) { s.more("Take a reserve") }, true},
	{"take-dialog", func(s *screen) { s.more("Take a reserve"); s.tap("€150.00, Reserved, 13:25") }, true},
	{"release-dialog", func(s *screen) { s.more("Release a reserve"); s.tap("€150.00, Reserved, 13:25") }, true},
	{"reserve-details", func(s *screen) { s.more("Take a reserve"); s.key(fyne.KeyEscape); s.tap("€150.00, Reserved, 13:25") }, true},
	{"tip-dialog", func(s *screen) { s.more("Change a tip"); s.tap("€18.40, Paid, 13:59"); s.types("200") }, true},
	{"close-dialog", func(s *screen) { s.more("Close the terminal's day") }, true},
	{"closing", func(s *screen) { s.close(payment.Batch{}) }, false},
	{"day-closed", func(s *screen) {
		s.close(payment.Batch{Outcome: payment.BatchClosed, Totals: totals()})
		s.finishWork()
	}, false},
	{"day-unknown", func(s *screen) {
		s.close(payment.Batch{Outcome: payment.BatchUnknown, Code: payment.CodeNoAnswer})
		s.finishWork()
	}, false},
	{"day-refused", func(s *screen) {
		s.close(payment.Batch{})
		s.till.err = payment.Errorf(payment.CodeOrdersOpen, "1007 is open").About("1007")
		s.finishWork()
	}, false},
	{"lack-void", func(s *screen) {
		s.open()
		t := up(counter)
		t.Can.Operations = []payment.Operation{payment.Sale, payment.Refund}
		s.Take(till.Event{Terminal: &t})
		s.tap("€18.40, Paid, 13:59")
		s.tap("Void")
	}, true},
	{"lack-refund", func(s *screen) {
		s.open()
		s.Take(till.Event{Terminal: cloud()})
		s.tap("€18.40, Paid, 13:59")
		s.tap("Refund")
	}, true},
}

// wants is an approval with which the terminal asks for something.
func wants(f payment.Facts) payment.Entry {
	e := answer(payment.Approved, "")
	f.Brand, f.Card, f.AuthCode = e.Facts.Brand, e.Facts.Card, e.Facts.AuthCode
	e.Facts = &f
	return e
}

// reversed is the sale that the terminal wanted back, with what became of its void.
func reversed(void payment.Status) payment.Record {
	r := order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), wants(payment.Facts{ReversalDue: true}))
	r.FollowUps = []payment.FollowUp{{Number: "1008", Operation: payment.Void, Status: void}}
	return r
}

// cloud is a terminal behind a cloud that takes sales only and cannot be asked to stop.
func cloud() *till.TerminalState {
	t := up(counter)
	t.Can = payment.Capabilities{
		Operations: []payment.Operation{payment.Sale}, Unaskable: true, BatchClose: true,
		SwitchedOff: map[payment.Operation]string{payment.Refund: "refund=on"},
	}
	return &t
}

// able is a terminal that can do everything.
func able() *till.TerminalState {
	t := up(counter)
	t.Can.Operations = append(t.Can.Operations, payment.PreAuth, payment.Completion, payment.TipAdjustment)
	t.Can.VoidPreAuth, t.Can.VoidCompletion, t.Can.BatchClose = true, true, true
	return &t
}

// inCloud runs a sale at the terminal behind the cloud.
func (s *screen) inCloud(entries ...payment.Entry) {
	s.open()
	s.Take(till.Event{Terminal: cloud()})
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, append([]payment.Entry{entry(payment.KindSent)}, entries...)...))
	s.now = s.now.Add(14 * time.Second)
	if s.ticks != nil {
		s.ticks()
	}
}

// reserve starts a reservation.
func (s *screen) reserve(entries ...payment.Entry) {
	s.open()
	s.Take(till.Event{Terminal: able()})
	s.typeDigits("15000")
	s.Reserve()
	s.event(order("1007", payment.PreAuth, 15000, 0, entries...))
	s.wait()
}

// reserveOf is a reserve of some minutes ago.
func reserveOf(number string, minor int64) payment.Record {
	return order(number, payment.PreAuth, minor, 40*time.Minute, entry(payment.KindSent), answer(payment.Approved, ""))
}

// more opens a line of the dialog More, with a reserve in the book.
func (s *screen) more(line string) {
	s.open()
	s.Take(till.Event{Terminal: able()})
	s.event(reserveOf("0990", 15000))
	s.key(fyne.KeyF5)
	s.tap(line)
}

// close begins to close the day, which will end so.
func (s *screen) close(b payment.Batch) {
	s.open()
	s.Take(till.Event{Terminal: able()})
	s.till.batch = b
	s.CloseBatch()
	s.now = s.now.Add(8 * time.Second)
	s.ticks()
}

func totals() payment.Totals {
	return payment.Totals{
		Sales:       payment.Subtotal{Count: 41, Amount: payment.FromMinor(128450, "EUR")},
		Refunds:     payment.Subtotal{Count: 2, Amount: payment.FromMinor(3980, "EUR")},
		Adjustments: payment.Unsaid,
	}
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
	large.end(wants(payment.Facts{Signature: true}))
	golden.Match(t, "signature-1920", large.window.Canvas().Capture())

	czech := newScreen(t, theme.Light, "cs", small, 1)
	czech.open()
	czech.typeDigits("2490")
	golden.Match(t, "typed-czech", czech.window.Canvas().Capture())
	czech = newScreen(t, theme.Light, "cs", small, 1)
	czech.end(doubt(payment.CodeLinkLost))
	golden.Match(t, "unknown-czech", czech.window.Canvas().Capture())
}

// TestPicturesOfLongCzech are the states whose Czech words are the longest.
func TestPicturesOfLongCzech(t *testing.T) {
	golden.NotUnderRace(t)
	for _, name := range []string{"signature", "taking-back-doubt", "not-taken-back", "able-idle", "more", "cloud-running", "cloud-unknown", "day-unknown", "reserved"} {
		for _, state := range states {
			if state.name != name {
				continue
			}
			t.Run(name, func(t *testing.T) {
				s := newScreen(t, theme.Light, "cs", small, 1)
				state.play(s)
				golden.Match(t, name+"-czech", s.window.Canvas().Capture())
			})
		}
	}
}
