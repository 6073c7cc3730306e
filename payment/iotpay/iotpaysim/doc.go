// Package iotpaysim is the gateway's side of IOT Pay's semi-integration for the
// channel CC_PAX: a simulated cloud with one payment terminal behind each login
// that any client of the protocol can talk to.
//
// It serves POST /v1/create_order, which blocks while the cardholder pays,
// /v1/query_order, which answers at any time, and, where it is switched on,
// /v1/refund_order. Every movement of money is written down in a ledger of its
// own before an answer about it leaves. That ledger is what tests compare a till's
// journal with. A client that hangs up changes nothing: the sale goes on.
//
// It is strict about what it hears: every deviation from the protocol is kept as a
// [Finding], and what the protocol text says a gateway checks (§12) is checked. And
// it misbehaves on demand: [Gateway.Script] says, order by order, what cardholder,
// bank and network do; see [Outcome]. [Gateway.ParseScript] reads the same from a
// file, one JSON object per line.
//
// # Outcomes by amount
//
// With [Options.OutcomesByAmount], the last two digits of the amount choose what
// happens to an order the script says nothing about. The numbers are those of the
// protocol text (§12); where the text leaves something open, this is what happens:
//
//	…05  declined, "Transaction Not Completed 05"
//	…51  declined, "Insufficient Funds 51"
//	…60  approved, verified by PIN
//	…61  approved, the cardholder has to sign
//	…62  approved, a cardholder who reads French
//	…63  approved, Interac with the account chosen
//	…70  approved, answered [Options.Late] after the payment
//	…71  the connection is dropped at the card screen; later approved
//	…72  the same; later declined
//	…73  answered with status 1, which it keeps for ever; not charged
//	…74  the connection is dropped on arrival; the order is never created
//	…75  approved, with status 3
//	…76  approved, with an extra that is not JSON
//	…77  approved, with a wrong response signature
//	…78  approved, answered with HTTP 502 and a page
//	…79  resCode FAIL, SYSTEMERROR at once; later approved
//	…80  approved, with another amount in the answer
//	…81  approved, with an answer that has no payOrder
//
// Everything else is approved.
package iotpaysim
