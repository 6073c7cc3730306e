package payment

import "slices"

// MayStart returns nil if o may be created, else an *Error that says why not. open
// are the orders of o's terminal whose status is open; original is the order o
// points at, nil where it points at none. It is pure: a journal calls it inside the
// same transaction that stores o.
func MayStart(o Order, open []Record, original *Record) error {
	if err := valid(o); err != nil {
		return err
	}
	for _, r := range open {
		if err := besideOpen(o, r); err != nil {
			return err
		}
	}
	if !o.Operation.NeedsOriginal() {
		return nil
	}
	if original == nil {
		return Errorf(CodeUnknownOrder, "there is no order %q", Mask(o.Original))
	}
	return mayFollow(o, *original)
}

// valid refuses orders that no driver could carry.
func valid(o Order) error {
	switch {
	case !ValidNumber(o.Number):
		return Errorf(CodeUnknownOrder, "%q cannot be an order number", Mask(o.Number))
	case !o.Asked.Amount.IsPositive():
		return Errorf(CodeZero, "the amount must be more than nothing")
	case !o.Asked.OneCurrency():
		return Errorf(CodeBadCurrency, "all parts of an order are in one currency")
	case o.Asked.Total().value.Shift(o.Asked.Currency().Places()).GreaterThan(maxMinor):
		return Errorf(CodeTooLarge, "the amount is too large")
	}
	return nil
}

// ValidNumber reports whether text has the form of an order number: 1 to 32
// characters of 0-9A-Za-z, which every protocol can carry.
func ValidNumber(text string) bool {
	if len(text) == 0 || len(text) > 32 {
		return false
	}
	return !slices.ContainsFunc([]byte(text), func(c byte) bool {
		return !isDigit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}

// besideOpen decides about o beside an open order of the same terminal.
func besideOpen(o Order, r Record) error {
	s := r.State().Status
	if s.UnderWay() && r.Holder != HeldByNone {
		return NotSent(CodeBusy, "the terminal is busy with order %s over %s", r.Order.Number, r.Order.Asked.Total()).About(r.Order.Number)
	}
	if DoubleRisk(o, r.Order) && !slices.Contains(o.Despite, r.Order.Number) {
		return Errorf(CodeOpenUnknown, "it is not known yet whether order %s over %s moved money", r.Order.Number, r.Order.Asked.Total()).About(r.Order.Number)
	}
	return nil
}

// DoubleRisk reports whether o would move the same money as the open order before
// once more: a charge of the same sum, or giving back the same sum of the same
// original.
func DoubleRisk(o, before Order) bool {
	if !o.Asked.Total().Equal(before.Asked.Total()) {
		return false
	}
	if o.Operation.Charges() {
		return before.Operation.Charges()
	}
	return o.Operation == before.Operation && o.Original == before.Original
}

// mayFollow decides about a void, refund or completion of original.
func mayFollow(o Order, original Record) error {
	if !follows(o.Operation, original.Order.Operation) {
		return about(original, CodeWrongOperation, "order %s is a %s; it cannot have a %s",
			original.Order.Number, original.Order.Operation, o.Operation)
	}
	if o.Asked.Currency() != original.Order.Asked.Currency() {
		return about(original, CodeBadCurrency, "order %s is in %s", original.Order.Number, original.Order.Asked.Currency())
	}
	s := original.State()
	switch {
	case s.Status.Open():
		return about(original, CodeOriginalOpen, "it is not known yet whether order %s was paid", original.Order.Number)
	case !s.Status.Moved():
		return about(original, CodeNotPaid, "order %s is %s; there is nothing to take back", original.Order.Number, s.Status)
	case s.Status == StatusVoided:
		return about(original, CodeAlreadyVoided, "order %s is voided already", original.Order.Number)
	}
	if o.Operation == Void {
		return mayVoid(original, s)
	}
	for _, f := range original.FollowUps {
		if f.Operation == Void && f.Status.Open() {
			return about(original, CodeFollowUpOpen, "void %s of order %s is not settled yet", f.Number, original.Order.Number)
		}
	}
	switch o.Operation {
	case Refund:
		return mayRefund(o, original, s)
	case Completion:
		return mayComplete(o, original, s)
	case TipAdjustment:
		return mayAdjust(original, s)
	}
	return nil
}

func follows(op, original Operation) bool {
	switch op {
	case Void:
		return original == Sale || original == PreAuth || original == Completion
	case Refund:
		return original == Sale || original == Completion
	case Completion:
		return original == PreAuth
	case TipAdjustment:
		return original == Sale
	}
	return false
}

// mayVoid: a void takes back the whole, so nothing may be given back before, nor be
// under way. No approval overrides that: two voids may give back twice.
func mayVoid(original Record, s State) error {
	for _, f := range original.FollowUps {
		if f.Status.Open() {
			return about(original, CodeFollowUpOpen, "%s %s of order %s is not settled yet", f.Operation, f.Number, original.Order.Number)
		}
	}
	if s.Status == StatusRefunded || s.Status == StatusPartlyRefunded {
		return about(original, CodeAlreadyRefunded, "order %s was refunded; it cannot be voided any more", original.Order.Number)
	}
	if f, ok := completed(original); ok {
		return about(original, CodeAlreadyCompleted, "order %s was completed by order %s; void that one", original.Order.Number, f.Number)
	}
	return nil
}

// completed returns the completion that took a reserve.
func completed(original Record) (FollowUp, bool) {
	for _, f := range original.FollowUps {
		if f.Operation == Completion && f.Status.Moved() && f.Status != StatusVoided {
			return f, true
		}
	}
	return FollowUp{}, false
}

// mayComplete: a reserve is taken once, and no more than was reserved.
func mayComplete(o Order, original Record, s State) error {
	for _, f := range original.FollowUps {
		if f.Status.Open() {
			return about(original, CodeFollowUpOpen, "%s %s of order %s is not settled yet", f.Operation, f.Number, original.Order.Number)
		}
	}
	if f, ok := completed(original); ok {
		return about(original, CodeAlreadyCompleted, "order %s was completed already, by order %s", original.Order.Number, f.Number)
	}
	if s.Moved.Total().Less(o.Asked.Total()) {
		return about(original, CodeAboveReserve, "only %s are reserved by order %s", s.Moved.Total(), original.Order.Number)
	}
	return nil
}

// mayAdjust: the tip of a payment changes only while all of it stands.
func mayAdjust(original Record, s State) error {
	for _, f := range original.FollowUps {
		if f.Status.Open() {
			return about(original, CodeFollowUpOpen, "%s %s of order %s is not settled yet", f.Operation, f.Number, original.Order.Number)
		}
	}
	if s.Status == StatusRefunded || s.Status == StatusPartlyRefunded {
		return about(original, CodeAlreadyRefunded, "order %s was refunded; its tip cannot change any more", original.Order.Number)
	}
	return nil
}

// mayRefund: no more goes back than is left.
func mayRefund(o Order, original Record, s State) error {
	if s.Status == StatusRefunded {
		return about(original, CodeAlreadyRefunded, "order %s is refunded already", original.Order.Number)
	}
	if s.Refundable.Less(o.Asked.Total()) {
		return about(original, CodeRefundTooHigh, "at most %s of order %s can still be refunded", s.Refundable, original.Order.Number)
	}
	return nil
}

func about(r Record, code Code, format string, args ...any) error {
	return Errorf(code, format, args...).About(r.Order.Number)
}

// Compare returns nil if r can be the answer to o: number, operation, amount, tip
// and currency as far as the terminal said them. Else an *Error with
// CodeWrongOrder, CodeWrongAmount or CodeWrongCurrency: a case, not a payment.
//
// A tip may differ only where the terminal was to ask for one, the amount may be
// less only where the terminal said that the bank granted a part; a surcharge is
// the terminal's to add.
func Compare(o Order, r Result) error {
	if r.Number != "" && r.Number != o.Number {
		return Errorf(CodeWrongOrder, "the answer is for order %s", Mask(r.Number))
	}
	if r.Operation != "" && r.Operation != o.Operation {
		return Errorf(CodeWrongOrder, "the answer is for a %s", r.Operation)
	}
	said := r.Facts.Amounts
	for _, part := range []Amount{said.Amount, said.Tip, said.Cashback, said.Surcharge} {
		if part.Known() && part.Currency() != o.Asked.Currency() {
			return Errorf(CodeWrongCurrency, "the answer is in %s", part.Currency())
		}
	}
	if a := said.Amount; a.Known() && !a.Equal(o.Asked.Amount) && !(r.Facts.Partial && a.Less(o.Asked.Amount)) {
		return Errorf(CodeWrongAmount, "the answer is over %s", a)
	}
	if t := said.Tip; t.Known() && !o.AskTip && t.Sub(o.Asked.Tip).value.Sign() != 0 {
		return Errorf(CodeWrongAmount, "the answer has a tip of %s", t)
	}
	if c := said.Cashback; c.Known() && c.Sub(o.Asked.Cashback).value.Sign() != 0 {
		return Errorf(CodeWrongAmount, "the answer has cashback of %s", c)
	}
	return nil
}

// SplitRefund divides a refund over the parts of what the original moved: the goods
// first, the tip last, because a tip goes back only when the goods' price does not
// cover the sum.
func SplitRefund(sum Amount, original Record) Amounts {
	s := original.State()
	goods := s.Moved.Amount.Add(s.Moved.Surcharge)
	for _, f := range original.FollowUps {
		if f.Operation == Refund && (f.Status.Moved() || f.Status.Open()) {
			goods = goods.Sub(f.Amounts.Amount)
		}
	}
	if !goods.Less(sum) || !goods.IsPositive() {
		return Amounts{Amount: sum}
	}
	return Amounts{Amount: goods, Tip: sum.Sub(goods)}
}
