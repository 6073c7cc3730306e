// Package comgate is the driver for Comgate's touch-screen terminals on the shop's
// network: JSON over plain HTTP, straight to the terminal, which Comgate calls the
// GSA protocol. The section numbers in comments are those of the protocol text.
//
// One order is a start call, status calls until the terminal says "Finished", one
// result call, and a confirmation that the till has the outcome. The transactionId
// of all of them is our order number. Only the result says anything about money.
//
// What the protocol calls differently:
//
//	transactionId          order number; for a reversal its own new one
//	originalTransactionId  number of the original order
//	payment                sale; refund is refund, with the card presented again
//	reverse                void, always of the whole, until the next closing
//	preauth                pre-auth; preauth_complete is completion
//	cancel                 asking the terminal to withdraw an order
//	closing                batch close
//	confirm                Acknowledge
//	sequenceNumber         reference
//	isStarted false        outcome refused
//	responseCode           "OK" is approved; anything else is not charged
//	isReversed             the terminal took it back: outcome cancelled
//	callReversal           Facts.ReversalDue; SIGNATURE is Facts.Signature
//
// The official document was not to be had, so everything that the text marks as
// assumed is a setting. Nothing but the list result_ok_codes makes money of an
// answer; the other words only choose how "not charged" is told.
//
// The protocol has no word for a partial approval: an answer over less than was
// asked is an answer that does not match, and the till treats it so.
//
// The network is not encrypted and the password is public: whoever is on the
// network can do what the till can.
package comgate
