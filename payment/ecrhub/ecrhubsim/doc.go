// Package ecrhubsim is the terminal's side of the ECR Hub protocol: a simulated
// payment terminal that any client of the LAN protocol can talk to.
//
// It answers as the protocol text's worked messages show (§11), keeps orders
// with the status machine 9 → 0 → {1, 2, 3}, and writes down every movement of
// money in a ledger of its own, before the answer leaves. That ledger is what
// tests compare a till's journal with.
//
// It is strict about what it hears: every deviation from the protocol is kept
// as a [Finding], and what a real terminal is known to refuse is refused.
// And it misbehaves on demand: [Terminal.Script] says, order by order, what the
// customer, the bank and the network do; see [Outcome]. [ParseScript] reads the
// same from a file, one JSON object per line.
//
// # Outcomes by amount
//
// With [Options.OutcomesByAmount], the last two digits of the order amount
// choose what happens to an order the script says nothing about:
//
//	…51  declined by the bank
//	…52  cancelled by the customer at the terminal
//	…53  charged, but the answer is lost and never sent again: only a query tells
//	…54  not charged, and no answer: only a query tells
//	…55  approved, but the customer takes 20 seconds
//
// Everything else is approved.
//
// # Dialects
//
// The terminal speaks G2 unless told otherwise, G0 to clients that send msg_id,
// and closes the connection with code 1003 on anything that is not JSON (G1).
// "field" is G2 as real terminals were seen to speak it: code "0", few fields,
// unknown extras.
package ecrhubsim
