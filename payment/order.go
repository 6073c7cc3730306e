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
	// Signature: the terminal leaves it to the till to have the customer sign and to
	// compare the signature.
	Signature bool
	// ReversalDue: the terminal wants the payment taken back at once.
	ReversalDue bool
	// HandOver: the terminal wants to hear that the till has the outcome; see
	// Acknowledger. It may come with any outcome.
	HandOver bool
	// Slip is what only receipts need.
	Slip Slip
}

// Slip is what a terminal said for the receipt, word for word where it is text. It
// comes with declined orders too.
type Slip struct {
	// Application and Label are the chip application's id and name (EMV 4F, 50).
	Application, Label string
	// TVR, TSI and Cryptogram are chip data (EMV 95, 9B, 9F26).
	TVR, TSI, Cryptogram string
	// Verification is how the customer was verified: "pin", "signature", "device",
	// "none", or "" if that was not said.
	Verification string
	// TerminalNumber and MerchantNumber are those the bank knows.
	TerminalNumber, MerchantNumber string
	// Batch, Invoice and Sequence are the terminal's running numbers.
	Batch, Invoice, Sequence string
	// Account is the kind of account, where the customer chose one.
	Account string
	// Language is the cardholder's, as "en".
	Language string
	// Display is the text that must be on the receipt.
	Display string
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
