// Package drivertest is the suite that every driver must pass, whatever
// protocol it speaks.
//
// A driver's conformance_test.go hands a Harness to Run: the driver, a
// simulated terminal, and the terminal's own ledger of what it charged. The
// suite runs the driver under the till, over a journal in memory, in fake time
// and over a network whose plug it can pull at every single read and write; RunSockets
// runs a part of it over real sockets.
//
// After every scenario the books are compared; see audit.go for what must
// hold. What a protocol cannot express is not applicable to its driver: the table that
// Run prints says so, row by row, and never leaves a row out.
//
// What only one protocol can do, its driver's own tests try on a Bench.
//
// No scenario knows a driver by name. Where drivers differ for a good reason,
// the difference is a named field of Quirks, or a fact of payment.Capabilities.
package drivertest
