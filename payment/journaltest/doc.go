// Package journaltest holds the suite that every payment.Journal must pass, and
// a journal in memory for the tests of other packages.
package journaltest
