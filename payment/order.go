package payment

import "time"

// Order is one attempt to move money and the number we gave it. It is written once,
// before anything is sent, and never changes; what happens to it later are entries.
// Number is 1 to 32 characters of 0-9A-Za-z.
type Order struct {
	// Number is ours, unique for ever, one attempt only.
	Number    string
	Operation Operation
	// Original is the number of the order that a void, refund, completion or tip
	// adjustment is about.
	Original string
	// Terminal is the terminal's id; TerminalName is what it was called then.
	Terminal     string
	TerminalName string
	Protocol     string
	// Asked is what we ask the terminal to move: Amount always, Tip and Cashback
	// where they were given.
	Asked Amounts
	// AskTip lets the terminal ask the customer for a tip.
	AskTip bool
	// Note is free text by staff, Reason why something is taken back.
	Note   string
	Reason string
	// Staff is who acted, "" in a shop without staff set up.
	Staff   string
	Created time.Time
	// Despite names the open unknown orders of the same sum that a person chose to
	// override; it is an approval and stays with the order.
	Despite []string
}

// Facts are what a terminal said about money that moved. Parts it did not say are
// empty. Nothing here holds more of a card than its last four digits.
type Facts struct {
	// Amounts as the terminal gave them.
	Amounts Amounts
	// Partial: the bank granted less than was asked, and said so.
	Partial bool
	// Card is the last four digits; Brand the scheme or wallet; EntryMode one of
	// "stripe", "chip", "contactless", "keyed", "qr".
	Card      string
	Brand     string
	EntryMode string
	AuthCode  string
	// Reference is the terminal's or gateway's own number for the transaction,
	// Trace the network's reference.
	Reference string
	Trace     string
	// TerminalTime is the terminal's text, word for word: its zone is not known.
	TerminalTime string
}

// Result is what a terminal or gateway said about one order.
type Result struct {
	Outcome Outcome
	// Number and Operation as the terminal echoed them, empty when it did not.
	Number    string
	Operation Operation
	Facts     Facts
	// Code says why, for outcomes other than approved, and for an approval ""; Text
	// is the terminal's own sentence, masked.
	Code Code
	Text string
	// Raw is the whole message, masked, for the story of the order.
	Raw string
}
