package drivertest

import (
	"slices"

	"tillkeeper/payment"
)

// scenarios are all rows of the suite, in the order of the table.
func scenarios() []scenario {
	return slices.Concat(
		amounts(), extras(), cuts(), links(), moments(), numbers(), withdrawals(), oneAtATime(), takebacks(), parts(), lostTakebacks(),
		answers(), statuses(), absences(), lates(), crashes(), neighbours(), disks(), clocks(), manners(), endings(),
	)
}

// noMoney are the statuses of an order that was not charged.
var noMoney = []payment.Status{
	payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired, payment.StatusNotSent,
}

// can makes a scenario need an operation that the driver claims.
func can(ops ...payment.Operation) func(Harness, payment.Capabilities) string {
	return func(_ Harness, c payment.Capabilities) string {
		for _, op := range ops {
			if !c.Can(op) {
				return "it claims no " + string(op)
			}
		}
		return ""
	}
}

// canPart needs refunds of a part.
func canPart(h Harness, c payment.Capabilities) string {
	if why := can(payment.Refund)(h, c); why != "" {
		return why
	}
	if !c.PartialRefund {
		return "it claims no refund of a part"
	}
	return ""
}

// canCancel needs a terminal that can be asked to withdraw an order.
func canCancel(_ Harness, c payment.Capabilities) string {
	if !c.Cancel {
		return "it claims no cancel of an order under way"
	}
	return ""
}

// redelivers needs results that are pushed on the next connection.
func redelivers(h Harness, _ payment.Capabilities) string {
	if !h.Quirks.Redelivers {
		return "its terminals push no results"
	}
	return ""
}
