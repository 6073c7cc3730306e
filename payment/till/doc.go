// Package till takes an order from entered to final: one at a time per terminal,
// durable before the first byte leaves, never sent twice. What is not known it
// finds out by asking, at once, then after 2 s, growing to 30 s, for as long as it
// takes.
//
// A Till stands between the faces (gui, cli) and the contracts of package payment.
// Pay, Refund and Void return when the order is final or the foreground's time is
// over; an order without an answer stays unknown and is asked about again, by this
// process in the background (Config.Follow) or by the next Recover.
//
// Subscribe gives a snapshot first, then changes. An event says what the journal
// already holds.
package till
