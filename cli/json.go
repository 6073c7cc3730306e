package cli

import (
	"time"

	"tillkeeper/payment"
)

// orderJSON is an order for programs. What is absent is not known.
type orderJSON struct {
	Order     string            `json:"order"`
	Operation payment.Operation `json:"operation"`
	Original  string            `json:"original,omitempty"`
	Status    payment.Status    `json:"status"`
	// Amount to Total are what moved where something moved, else what was asked for.
	Amount     string           `json:"amount,omitempty"`
	Tip        string           `json:"tip,omitempty"`
	Cashback   string           `json:"cashback,omitempty"`
	Surcharge  string           `json:"surcharge,omitempty"`
	Total      string           `json:"total,omitempty"`
	Refundable string           `json:"refundable,omitempty"`
	Currency   payment.Currency `json:"currency,omitempty"`

	Terminal          string `json:"terminal,omitempty"`
	Protocol          string `json:"protocol,omitempty"`
	Card              string `json:"card,omitempty"`
	Brand             string `json:"brand,omitempty"`
	AuthCode          string `json:"auth_code,omitempty"`
	TerminalReference string `json:"terminal_reference,omitempty"`
	Staff             string `json:"staff,omitempty"`
	Note              string `json:"note,omitempty"`
	Reason            string `json:"reason,omitempty"`
	Created           string `json:"created,omitempty"`
	Finished          string `json:"finished,omitempty"`

	// Code says why the order stands where it stands; Error is why the command
	// failed although there is an order.
	Code         payment.Code `json:"code,omitempty"`
	Error        payment.Code `json:"error,omitempty"`
	Contradicted bool         `json:"contradicted,omitempty"`
	Message      string       `json:"message"`
	Next         string       `json:"next"`

	Entries []entryJSON `json:"entries,omitempty"`
	Case    *caseJSON   `json:"case,omitempty"`
}

// entryJSON is one fact about an order for programs.
type entryJSON struct {
	Time    string          `json:"time"`
	Source  payment.Source  `json:"source"`
	Kind    payment.Kind    `json:"kind"`
	Detail  string          `json:"detail,omitempty"`
	Outcome payment.Outcome `json:"outcome,omitempty"`
	Code    payment.Code    `json:"code,omitempty"`
	Paid    *bool           `json:"paid,omitempty"`
	Staff   string          `json:"staff,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Proof   string          `json:"proof,omitempty"`
}

// eventJSON is a line about progress.
type eventJSON struct {
	Event   string `json:"event"`
	Order   string `json:"order,omitempty"`
	About   string `json:"about,omitempty"`
	Message string `json:"message,omitempty"`
}

// errorJSON is why there is no order. About is the order in the way.
type errorJSON struct {
	Error   payment.Code `json:"error"`
	Message string       `json:"message"`
	Next    string       `json:"next"`
	About   string       `json:"about,omitempty"`
}

func toJSON(r payment.Record) orderJSON {
	o, s := r.Order, r.Apparent()
	sums := sumsOf(o, s)
	w := describe(o, s)
	return orderJSON{
		Order: o.Number, Operation: o.Operation, Original: o.Original, Status: s.Status,
		Amount: sums.Amount.Text(), Tip: sums.Tip.Text(), Cashback: sums.Cashback.Text(),
		Surcharge: sums.Surcharge.Text(), Total: sums.Total().Text(), Refundable: s.Refundable.Text(),
		Currency: o.Asked.Currency(),
		Terminal: o.TerminalName, Protocol: o.Protocol,
		Card: s.Facts.Card, Brand: s.Facts.Brand, AuthCode: s.Facts.AuthCode, TerminalReference: s.Facts.Reference,
		Staff: o.Staff, Note: o.Note, Reason: o.Reason, Created: timeText(o.Created), Finished: timeText(s.Finished),
		Code: s.Code, Contradicted: s.Contradicted, Message: message(w, s), Next: w.next,
	}
}

func toEntries(entries []payment.Entry) []entryJSON {
	all := make([]entryJSON, 0, len(entries))
	for _, e := range entries {
		j := entryJSON{
			Time: timeText(e.Time), Source: e.Source, Kind: e.Kind, Detail: e.Detail, Outcome: e.Outcome,
			Code: e.Code, Staff: e.Staff, Reason: e.Reason, Proof: e.Proof,
		}
		if e.Kind == payment.KindDecided {
			j.Paid = &e.Paid
		}
		all = append(all, j)
	}
	return all
}

// sumsOf is what moved where something moved, else what was asked for.
func sumsOf(o payment.Order, s payment.State) payment.Amounts {
	if s.Status.Moved() {
		return s.Moved
	}
	return o.Asked
}

// timeText is RFC 3339 in UTC, so that texts sort as times do.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
