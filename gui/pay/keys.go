package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// Digit types a digit or 00. It starts the next amount when a result is shown that nobody has to take note of.
func (m *Model) Digit(text string) {
	if !m.typing() {
		return
	}
	for _, c := range text {
		m.typed.digit(string(c))
	}
	m.changed()
}

// Point types the decimal mark.
func (m *Model) Point() {
	if m.typing() {
		m.typed.mark()
		m.changed()
	}
}

// Backspace takes the last key back.
func (m *Model) Backspace() {
	if m.typing() {
		m.typed.backspace()
		m.changed()
	}
}

// Clear starts the amount anew.
func (m *Model) Clear() {
	if m.typing() {
		m.typed.clear()
		m.changed()
	}
}

// Rune is a character from the keyboard or a scanner.
func (m *Model) Rune(r rune) {
	if !m.CanType() {
		return
	}
	m.scan.rune(r, m.deps.Now(), m.typed)
	switch {
	case r >= '0' && r <= '9':
		m.Digit(string(r))
	case r == '.' || r == ',':
		m.Point()
	}
}

// Enter is the Enter key, which the caller has found to be a fresh press: the end of a scan, the main action of the
// screen, or nothing.
func (m *Model) Enter() {
	if number, ok := m.scan.enter(m.deps.Now()); ok && m.CanType() {
		m.typed = m.scan.before
		m.changed()
		m.Lookup(number, m.Scanned)
		return
	}
	switch m.face {
	case Ready:
		m.Pay()
	case Result:
		m.enterResult()
	case Refused:
		if m.refusal.Overridable() {
			m.CheckShown()
		} else {
			m.Dismiss()
		}
	case Closed:
		m.Dismiss()
	case Running, Asking, Closing:
	}
}

// enterResult is Enter on a result. It never answers the question about a signature, and asks nobody where nobody can be
// asked.
func (m *Model) enterResult() {
	_, asked := m.Question()
	switch {
	case asked:
	case m.MustAgree() && !m.AskingIsVain():
		m.CheckShown()
	case !m.MustAgree():
		m.Dismiss()
	}
}

// Escape is the Escape key: clear, ask to cancel, or put a result away.
func (m *Model) Escape() {
	switch m.face {
	case Ready:
		m.Clear()
	case Running:
		m.Cancel()
	case Asking:
		m.StopAsking()
	case Result, Refused, Closed:
		if !m.Held() {
			m.Dismiss()
		}
	case Closing:
	}
}

// CanType reports whether the keypad does anything at the moment.
func (m *Model) CanType() bool { return !m.Busy() && m.face != Asking && !m.Held() }

// typing reports whether a key for the amount counts now, and puts an old result away for it. It counts from the first
// moment of a result on, but not in the middle of what was begun before it: an amount is taken whole or not at all, so
// that nobody charges the rest of what was typed.
func (m *Model) typing() bool {
	now := m.deps.Now()
	if !m.CanType() || m.face != Ready && now.Sub(m.ignored) < breath {
		m.ignored = now
		return false
	}
	if m.face != Ready {
		m.typed.clear()
		m.show(Ready)
	}
	return m.face == Ready // else a question came up that cannot wait
}

// Dismiss puts a result away. For an unknown one that is the note taken that staff owes it.
func (m *Model) Dismiss() {
	_, asked := m.Question()
	if m.face != Result && m.face != Refused && m.face != Closed || asked || m.fresh() {
		return
	}
	if m.face == Result {
		if r, ok := m.Shown(); ok && m.MustAgree() {
			m.clear(r.Order.Terminal)
		}
		m.agreed[m.shown] = true
		m.typed.clear()
	}
	m.show(Ready)
}

// SameAgain puts a result away and leaves the amount, for another card or another try.
func (m *Model) SameAgain() {
	if (m.face == Result || m.face == Refused) && !m.Held() && !m.fresh() {
		m.show(Ready)
	}
}

// OffersSame reports whether trying the same amount again makes sense: it is proven that nothing was charged.
func (m *Model) OffersSame() bool {
	r, ok := m.Shown()
	if !ok || m.asked || r.Order.Operation != payment.Sale || m.typed.empty() {
		return false
	}
	switch r.State().Status {
	case payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired, payment.StatusNotSent:
		return true
	case payment.StatusVoided:
		return message.TakingBackOf(r) == message.TakenBack
	}
	return false
}
