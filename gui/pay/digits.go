package pay

import (
	"strings"

	"tillkeeper/payment"
)

// mostDigits is how many digits an amount may have, decimal places included: no shop charges more at once, and a cat on
// the keypad stays harmless.
const mostDigits = 9

// digits is an amount being typed. Without a decimal mark digits move in from the right, as on every till: 1 2 5 0 is
// 12.50. Once the mark is typed, what stands before it are whole units: 1 2 , 5 is 12.50 too.
type digits struct {
	places   int
	whole    string // all digits, or those before the mark
	marked   bool   // the mark was typed, or typed and taken away again
	fraction string
	inside   bool // digits go behind the mark
}

func (d *digits) clear() { *d = digits{places: d.places} }

func (d *digits) empty() bool { return d.whole == "" && d.fraction == "" && !d.inside }

// digit adds a digit and reports whether there was room for it.
func (d *digits) digit(c string) bool {
	switch {
	case d.inside && len(d.fraction) >= d.places:
		return false
	case d.inside:
		d.fraction += c
	case d.whole == "" && c == "0" && !d.marked:
		return false
	case d.length() >= mostDigits:
		return false
	default:
		d.whole += c
	}
	return true
}

func (d *digits) length() int {
	if d.marked {
		return len(d.whole) + d.places
	}
	return len(d.whole)
}

// mark makes what was typed whole units.
func (d *digits) mark() {
	if d.places > 0 && len(d.whole)+d.places <= mostDigits {
		d.marked, d.inside = true, true
	}
}

func (d *digits) backspace() {
	switch {
	case d.fraction != "":
		d.fraction = d.fraction[:len(d.fraction)-1]
	case d.inside:
		d.inside = false
	case d.whole != "":
		d.whole = d.whole[:len(d.whole)-1]
	}
	if d.whole == "" && d.fraction == "" && !d.inside {
		d.marked = false
	}
}

// text is what was typed as decimal text with a dot.
func (d *digits) text() string {
	whole, fraction := d.whole, d.fraction
	if !d.marked && d.places > 0 {
		whole = strings.Repeat("0", max(d.places+1-len(whole), 0)) + whole
		whole, fraction = whole[:len(whole)-d.places], whole[len(whole)-d.places:]
	}
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// amount is what was typed in a currency; nothing yet is the zero Amount.
func (d *digits) amount(c payment.Currency) payment.Amount {
	a, err := payment.ParseAmount(d.text(), c)
	if err != nil {
		return payment.Amount{}
	}
	return a
}
