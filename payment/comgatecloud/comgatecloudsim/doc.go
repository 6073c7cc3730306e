// Package comgatecloudsim is the other side of Comgate's terminal REST API
// (CloudPOS 2.0): a simulated gateway with one terminal behind it, for any client
// of the protocol. The section numbers in comments are those of the protocol text.
//
// It keeps payments and refunds with the statuses PENDING, PAID, CANCELLED and
// ERROR (B.3), and writes down every movement of money in a ledger of its own,
// before any answer tells of it. That ledger is what tests compare a till's journal
// with. A reversal has no number in this protocol: its entry in the ledger bears
// the one that the client gave in a header X-Request-Id, or else the refId of the
// payment that was taken back.
//
// It is strict about what it hears: every deviation is kept as a [Finding], and
// what the protocol text has refused is refused. And it misbehaves on demand:
// [Server.Script] says, order by order, what the customer, the bank and the network
// do; see [Outcome]. A payment, a refund and the DELETE of one are orders.
// [Server.ParseScript] reads the same from a file, one JSON object per line.
//
// # Outcomes by amount
//
// With [Options.OutcomesByAmount], the last two digits of the price choose what
// happens to an order the script says nothing about. They are those of A.12, as far
// as they make sense here:
//
//	…40  approved over a smaller sum
//	…90  declined by the bank
//	…91  cancelled by the customer
//	…92  stays PENDING for ten minutes and is then CANCELLED
//	…93  the POST is answered only after 30 seconds, though accepted
//	…94  the connection is closed without an answer to the POST, though accepted
//	…95  the POST is answered with HTTP 500, though accepted
//	…96  once it is over, every GET is answered with something that is no JSON
//	…97  once it is over, the answers to GET have no code
//	…98  the terminal is busy: code 1500
//	…99  the terminal reboots: OFFLINE for 20 seconds, and then paid
//
// Everything else is approved.
package comgatecloudsim
