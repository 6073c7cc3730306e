package till

import (
	"context"

	"tillkeeper/payment"
)

// A prompt is what a terminal shows for an order. An order that is unknown may
// still be on the screen, and the next customer's card would pay for the last one's
// goods. So whoever starts another sale, takes the money in another way or leaves,
// clears it first.

// mayShow reports whether the terminal may still be asking for a card for r: by the
// wall clock, or, should that have been set, by the time since this process sent
// it.
func (t *Till) mayShow(r payment.Record, can payment.Capabilities) bool {
	if !r.State().Status.Open() || !r.Has(payment.KindSent) {
		return false
	}
	since, here := t.clocks.sinceSent(r.Order.Number)
	return t.cfg.Now().Before(r.Order.Created.Add(can.Limit)) || here && since < can.Limit
}

// Prompts returns the orders that the named terminal may be showing, oldest first;
// "" is the default terminal.
func (t *Till) Prompts(ctx context.Context, terminal string) ([]payment.Record, error) {
	s, err := t.Terminal(ctx, terminal)
	if err != nil {
		return nil, err
	}
	open, err := t.cfg.Journal.Open(ctx)
	if err != nil {
		return nil, err
	}
	var shown []payment.Record
	for _, r := range open {
		if r.Order.Terminal == s.Terminal.ID && t.mayShow(r, s.Can) {
			shown = append(shown, r)
		}
	}
	return shown, nil
}

// Clear asks the terminal to take from its screen what it may still show for
// unknown orders, and then what became of them. An order that is being carried is
// left alone: see Cancel. It returns the orders as they are then.
func (t *Till) Clear(ctx context.Context, terminal string) ([]payment.Record, error) {
	shown, err := t.Prompts(ctx, terminal)
	if err != nil {
		return nil, err
	}
	var unknown []payment.Record
	for _, r := range shown {
		if r.State().Status == payment.StatusUnknown {
			unknown = append(unknown, r)
		}
	}
	return sideBySide(ctx, unknown, t.clear), nil
}

// clear withdraws one unknown order, if the terminal may still show it, and asks about it.
func (t *Till) clear(ctx context.Context, r payment.Record) payment.Record {
	if err := t.withdrawPrompt(ctx, r); err != nil {
		t.log.Info("the terminal did not agree to clear its screen", "order", r.Order.Number, "error", err)
	}
	return t.askAbout(ctx, r)
}

func (t *Till) withdrawPrompt(ctx context.Context, r payment.Record) error {
	d, err := t.driverOf(ctx, r.Order)
	if err != nil {
		return err
	}
	a, ok := d.(payment.Aborter)
	if !ok || !t.mayShow(r, d.Capabilities()) {
		return nil
	}
	if !r.State().CancelRequested {
		if err := t.append(ctx, r.Order.Number, t.entry(payment.FromTill, payment.KindCancelRequested)); err != nil {
			return err
		}
	}
	return a.Abort(ctx, request(r, nil))
}

// clearPrompts leaves no terminal with a prompt that nobody stands in front of.
func (t *Till) clearPrompts() {
	open, err := t.cfg.Journal.Open(t.ctx)
	if err != nil {
		t.log.Error("open orders cannot be read", "error", err)
		return
	}
	var unknown []payment.Record
	for _, r := range open {
		d, err := t.driverOf(t.ctx, r.Order)
		if err == nil && r.State().Status == payment.StatusUnknown && t.mayShow(r, d.Capabilities()) {
			unknown = append(unknown, r)
		}
	}
	sideBySide(t.ctx, unknown, t.clear)
}

// Case returns the case of an order, and whether it has one.
func (t *Till) Case(ctx context.Context, number string) (payment.Case, bool, error) {
	r, err := t.cfg.Journal.Find(ctx, number)
	if err != nil {
		return payment.Case{}, false, err
	}
	c, ok := t.CaseOf(ctx, r)
	return c, ok, nil
}

// CaseOf returns the case of a record, and whether it has one. Where the terminal
// cannot be opened any more, nothing is assumed about what it can do.
func (t *Till) CaseOf(ctx context.Context, r payment.Record) (payment.Case, bool) {
	var can payment.Capabilities
	if s, err := t.Terminal(ctx, r.Order.Terminal); err == nil {
		can = s.Can
	}
	return payment.CaseOf(r, can, t.cfg.Now())
}
