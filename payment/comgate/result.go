package comgate

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"tillkeeper/payment"
)

// result turns the answer to a result call into ours. An error is an unknown
// outcome.
func (d *Driver) result(o payment.Order, a answer, withdrawn bool) (payment.Result, error) {
	s := d.settings
	outcome, code, err := s.verdict(o.Operation, a.fields, withdrawn)
	if err != nil {
		return payment.Result{}, payment.Errorf(payment.CodeOf(err), "%w: %s", err, s.record(a.body))
	}
	facts, err := s.facts(o, a.fields, outcome == payment.Approved)
	if err != nil {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "comgate: a result that cannot be read: %w", err)
	}
	return payment.Result{
		Outcome: outcome, Number: s.number(o, a.fields), Operation: s.operation(o, a.fields),
		Facts: facts, Code: code, Text: s.words(a.fields.text("responseMessage")), Raw: s.record(a.body),
	}, nil
}

// Status asks what became of an order, with its own number (A.5, rule 2). It may run
// beside Do.
func (d *Driver) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	s, number := d.settings, req.Order.Number
	a, err := d.ask(ctx, "status", d.follow(number))
	if err != nil {
		return payment.Result{}, err
	}
	if d.isUnknown(a) || a.status == http.StatusNotFound && a.fields == nil {
		return d.absent(ctx, a)
	}
	if err := d.useless("status", a); err != nil {
		return payment.Result{}, err
	}
	state := a.fields.text("status")
	heard := payment.Result{Number: s.number(req.Order, a.fields), Text: s.words(state), Raw: s.record(a.body)}
	switch {
	case heard.Number != "" && heard.Number != number:
		return payment.Result{}, payment.Errorf(payment.CodeWrongOrder, "comgate: the terminal answers about order %s", heard.Number)
	case state == "":
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "comgate: a status without a text")
	case !among(s.finished, state):
		heard.Outcome, heard.Code = payment.Pending, payment.CodePending
		return heard, nil
	}
	return d.finished(ctx, req.Order)
}

// finished reads the result of an order that the terminal says is finished.
func (d *Driver) finished(ctx context.Context, o payment.Order) (payment.Result, error) {
	confirmed := d.settings.confirm == confirmBefore && d.acknowledge(ctx, o.Number) == nil
	a, err := d.ask(ctx, "result", d.follow(o.Number))
	if err != nil {
		return payment.Result{}, err
	}
	if a.fields.text("responseCode") == "" || !a.good() {
		if err := d.useless("result", a); err != nil {
			return payment.Result{}, err
		}
	}
	res, err := d.result(o, a, false)
	if confirmed {
		res.Facts.HandOver = false
	}
	return res, err
}

// isUnknown reports whether a terminal says that it does not know an order.
func (d *Driver) isUnknown(a answer) bool {
	if a.status == http.StatusNotFound {
		return a.fields != nil && !a.fields.mentionsPassword()
	}
	return a.good() && among(d.settings.unknown, a.fields.text("status"))
}

// absent decides what a 404 to a status call means: terminals that do not know a
// number may say so, and so does whatever knows no such path. The call info tells
// them apart where the answer itself does not.
func (d *Driver) absent(ctx context.Context, a answer) (payment.Result, error) {
	if a.fields == nil {
		if _, err := d.info(ctx); err != nil {
			return payment.Result{}, d.useless("status", a)
		}
	}
	return payment.Result{
		Outcome: payment.NotFound, Code: payment.CodeNotFound, Text: d.settings.words(a.text()), Raw: d.settings.record(a.body),
	}, nil
}

// Abort asks the terminal to cancel an order (A.4.7). The order's own outcome still
// has to be asked for.
func (d *Driver) Abort(ctx context.Context, req payment.Request) error {
	a, err := d.ask(ctx, "cancel", d.follow(req.Order.Number))
	if err != nil {
		return err
	}
	return d.agreed(a)
}

// agreed reads the answer to a cancel. Its form is not known (A.4.7): it is no
// agreement if it says "false" to something, or if it is no success at all.
func (d *Driver) agreed(a answer) error {
	if d.isUnknown(a) {
		return payment.Errorf(payment.CodeNotOpen, "comgate: the terminal does not know the order")
	}
	if err := d.useless("cancel", a); err != nil {
		return err
	}
	for name := range a.fields {
		value, said := a.fields.truth(name)
		if strings.HasPrefix(name, "is") && said && !value {
			return payment.Errorf(payment.CodeNotOpen, "comgate: the terminal did not withdraw the order: %s", d.settings.words(a.text()))
		}
	}
	return nil
}

// Acknowledge tells the terminal that the till has the outcome (A.4.6), and tries
// again for a while. It may be called again whenever it failed.
func (d *Driver) Acknowledge(ctx context.Context, req payment.Request) error {
	if d.lane.Closed() {
		return d.lane.ErrClosed()
	}
	if d.settings.confirm == confirmOff {
		return nil
	}
	return d.acknowledge(ctx, req.Order.Number)
}

func (d *Driver) acknowledge(ctx context.Context, number string) error {
	yes := true
	request := d.follow(number)
	request.Confirm = &yes
	for try := 1; ; try++ {
		a, err := d.ask(ctx, "confirm", request)
		if err == nil && d.isUnknown(a) {
			// It was told, and keeps nothing any more that it could undo.
			d.log.Info("the terminal does not know what is confirmed", "order", number)
			return nil
		}
		if err == nil {
			err = d.useless("confirm", a)
		}
		if confirmed, said := a.fields.truth("isConfirmed"); err == nil && said && !confirmed {
			err = payment.Errorf(payment.CodeBadAnswer, "comgate: the terminal does not take the confirmation: %s", d.settings.words(a.text()))
		}
		if err == nil || try >= d.settings.confirmRetries {
			return err
		}
		timer := time.NewTimer(confirmPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		case <-d.lane.Life().Done():
		}
		timer.Stop()
		if ctx.Err() != nil || d.lane.Closed() {
			return err
		}
	}
}

// Test asks the terminal who it is, and whether it reaches its authorisation server
// (A.4.1, A.4.2, A.10).
func (d *Driver) Test(ctx context.Context) (payment.Identity, error) {
	begin := time.Now()
	a, err := d.info(ctx)
	if err != nil {
		return payment.Identity{}, err
	}
	id := d.identity(a.fields)
	id.Delay = time.Since(begin)
	a, err = d.ask(ctx, "terminal", terminalRequest{Password: d.settings.password, CheckOnline: true})
	if err != nil {
		return payment.Identity{}, err
	}
	if err := d.useless("terminal", a); err != nil {
		return payment.Identity{}, err
	}
	if online, said := a.fields.truth("isOnline"); said && !online {
		return payment.Identity{}, payment.Errorf(payment.CodeOffline,
			"comgate: the terminal has no connection to its authorisation server: %s", d.settings.words(a.fields.text("onlineStatus")))
	}
	return id, nil
}

// info is the one call without a password.
func (d *Driver) info(ctx context.Context) (answer, error) {
	a, err := d.ask(ctx, "info", nil)
	if err != nil {
		return answer{}, err
	}
	return a, d.useless("info", a)
}

// identity reads members whose names are not known (A.4.1): those that look like a
// serial number, model or name, and for a name else whatever arrived.
func (d *Driver) identity(f fields) (id payment.Identity) {
	var rest []string
	names := make([]string, 0, len(f))
	for member := range f {
		names = append(names, member)
	}
	slices.Sort(names)
	for _, member := range names {
		text, lower := d.settings.words(f.text(member)), strings.ToLower(member)
		switch {
		case text == "":
		case strings.Contains(lower, "serial") && id.Serial == "":
			id.Serial = text
		case strings.Contains(lower, "model") && id.Model == "":
			id.Model = text
		case strings.HasSuffix(lower, "name") && id.Name == "":
			id.Name = text
		default:
			rest = append(rest, member+" "+text)
		}
	}
	if id.Name == "" {
		id.Name = d.settings.words(strings.Join(rest, ", "))
	}
	return id
}
