// Package comgatecloud is the driver for Comgate's terminal REST API over the
// internet (CloudPOS 2.0): JSON over HTTPS to Comgate's server, which relays to the
// terminal. The section numbers in comments are those of part B of the protocol text.
//
// What the protocol calls differently:
//
//	refId                        order number
//	transId                      reference; the only handle of every later call
//	POST terminalPayment         sale
//	POST terminalRefund          refund, with no link to the payment
//	DELETE terminalPayment       void; it has no number of its own
//	POST terminalClosing         batch close
//	PAID                         approved; with "reversed" true: taken back
//	CANCELLED                    declined, cancelled or expired, by its reason
//	ERROR                        unknown
//
// There is no idempotency key and no query by refId. If the answer to a POST is
// lost, the order's transId is lost with it, and nobody can be asked: the order
// stays unknown until a person has looked at the terminal. So the answer to a POST
// is waited for even after the caller has given up, the terminal is looked at before
// anything is sent, and a number is sent once in the life of a driver.
//
// CANCELLED says only that nothing was charged. The reason that comes with it is
// free text; words of it that settings name tell a bank's no ("declined") and a
// time-out ("expired") from the rest, which is "cancelled". Money does not depend
// on it.
//
// A payment that is PENDING cannot be withdrawn through this API. Cancelling asks
// for nothing and waits a short grace for the end.
//
// A DELETE whose answer is lost, or says nothing, may have been carried out: only
// "reversed" proves that it was, and nothing proves that it was not. A DELETE that
// was turned down is not believed alone either, because things on the way may repeat
// a DELETE: what the payment itself says decides.
package comgatecloud
