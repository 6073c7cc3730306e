// Package comgatesim is the terminal's side of Comgate's protocol for the local
// network: a simulated touch-screen terminal that any client of that protocol can
// talk to over HTTP. The section numbers in comments are those of the protocol
// text.
//
// It has every endpoint of A.4.1 to A.4.10, and those of A.4.11 for which a path
// is set. It keeps its transactions with the statuses WaitForCard, WaitForPin,
// Processing and Finished, its open batch, and a ledger of every movement of
// money, written before the answer about it leaves. That ledger is what tests
// compare a till's journal with.
//
// It is strict about what it hears: what the protocol does not allow is kept as a
// [Finding]. Where the protocol text says "unknown", the simulator decides, and
// says so at the option. A repeated transactionId is answered with HTTP 409: what
// real terminals do is not known, and a client must not do it.
//
// A reversal takes its transaction out of the batch: totals at closing count the
// payments and refunds that still stand, and a completion as a payment.
//
// # Outcomes by amount
//
// With [Options.OutcomesByAmount], the last two digits of the amount in minor
// units choose what becomes of an order the script says nothing about (A.12):
//
//	…10  approved with PIN
//	…20  approved, to be signed
//	…30  approved, and the till is to reverse it
//	…40  approved over half of it
//	…90  declined by the host
//	…91  cancelled by the cardholder
//	…92  never finishes
//	…93  the start is answered only after 30 seconds, though accepted
//	…94  the connection is closed without an answer, though accepted
//	…95  the start is answered with HTTP 500, though accepted
//	…96  the result is no JSON, however often it is asked for
//	…97  finished, but the result has no responseCode, ever
//	…98  busy
//	…99  the terminal reboots: no connections for 20 seconds; it keeps the result
//
// Everything else is approved, contactless and without verification.
package comgatesim
