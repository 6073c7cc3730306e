// Package journaltest is the suite that any payment.Journal must pass. A journal's
// own tests call Run with a Harness.
package journaltest
