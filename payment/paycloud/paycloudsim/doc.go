// Package paycloudsim is the platform's side of the PayCloud cloud protocol, as
// CodePay and SADAD / WiseCashier offer it: a fake cloud with one merchant's
// terminals behind it, that any client can talk to over plain HTTP.
//
// It checks every request in the order of the protocol text (§12) and signs every
// answer, errors too. Its orders go through the states 9 → 0 → {1, 2}, and 2 → 3,
// and every movement of money is written down in a ledger of its own before any
// answer about it leaves. That ledger is what tests compare a till's journal with.
//
// It is strict about what it hears: what a client does wrong is kept as a
// [Finding]. And it misbehaves on demand: [Cloud.Script] says, order by order, what
// customer, bank, platform and network do; see [Outcome]. [Cloud.ParseScript] reads
// the same from a file of one JSON object per line.
//
// Codes that begin with F are its own, and no vendor's: a client that branches on
// one of them is wrong.
//
// # Outcomes by amount
//
// With [Options.OutcomesByAmount], the last two digits of the order amount choose
// what happens to an order the script says nothing about:
//
//	…51  declined by the bank
//	…52  cancelled by the customer at the terminal
//	…53  charged, but the create is never answered: only a query tells
//	…54  declined, and the create is never answered: only a query tells
//	…55  approved, but the customer takes 20 seconds
//
// Everything else is approved.
package paycloudsim
