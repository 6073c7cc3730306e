// Package payment is the trade: the nouns, the pure rules and the contracts of a
// till that must never charge a customer twice.
//
// It knows no technology. Drivers (payment/ecrhub and its siblings) implement
// Driver, storage implements Journal and Terminals, payment/till brings them
// together, and the faces (gui, cli) show what comes of it.
//
// Read in this order: Amount, Order, Entry, Assess (what follows from the entries),
// Driver (what a terminal promises), Journal (what the disk promises), Error and
// Code (what people and programs are told).
//
// The one rule behind all others: silence is unknown, never failed. An order is
// durable before its first byte leaves, it is never sent again, and only an answer
// that carries our number, our amount and our currency settles it.
package payment
