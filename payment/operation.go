package payment

// Operation is what an order is meant to do. Its text is stored and printed.
type Operation string

// The operations of the trade; see domain.md, "Other operations".
const (
	Sale          Operation = "sale"
	Void          Operation = "void"
	Refund        Operation = "refund"
	PreAuth       Operation = "preauth"
	Completion    Operation = "completion"
	TipAdjustment Operation = "tip-adjustment"
)

// Charges reports whether an approved order of this operation takes money from the
// customer, so that a second one of the same sum may be a double charge.
func (op Operation) Charges() bool {
	return op == Sale || op == PreAuth || op == Completion || op == TipAdjustment
}

// NeedsOriginal reports whether an order of this operation points at another.
func (op Operation) NeedsOriginal() bool { return op != Sale && op != PreAuth }

// Outcome is what a terminal or gateway said about an order. Its text is stored.
type Outcome string

// The outcomes. The first five are final; Pending and NotFound are answers to a
// status query only and settle nothing.
const (
	// Approved: the money has moved, or the amount is reserved.
	Approved Outcome = "approved"
	// Declined: the issuer or host said no; nothing was charged.
	Declined Outcome = "declined"
	// Cancelled: withdrawn before approval; nothing stays charged.
	Cancelled Outcome = "cancelled"
	// Expired: its time ran out before a card was accepted; nothing was charged.
	Expired Outcome = "expired"
	// Refused: the request was turned down before any card was asked for (wrong
	// application id, bad parameter, terminal busy); nothing was charged.
	Refused Outcome = "refused"
	// Pending: the terminal knows the order and it is not final yet.
	Pending Outcome = "pending"
	// NotFound: the source does not know the number. By itself this proves nothing;
	// see Capabilities.NotFoundProves.
	NotFound Outcome = "not-found"
)

// Final reports whether the outcome settles an order.
func (o Outcome) Final() bool {
	switch o {
	case Approved, Declined, Cancelled, Expired, Refused:
		return true
	}
	return false
}
