package cli

import (
	"errors"
	"fmt"
	"strings"

	"tillkeeper/payment"
)

// words are what people are told about an order: what happened and why, what
// happened to the money, what to do.
type words struct{ happened, money, next string }

// message is what happened in one line; the sum is named where it moved.
func message(w words, s payment.State) string {
	if s.Status.Moved() {
		return w.happened + " " + w.money
	}
	return w.happened
}

// phrase is the part of the words that follows from the status alone; back is for
// what moves money to the customer, where that needs words of its own.
type phrase struct{ charge, back, next string }

// phrases leave out not-sent: there the code has the words; see notSentWords.
var phrases = map[payment.Status]phrase{
	payment.StatusCreated:    {"Being prepared.", "", waitNext},
	payment.StatusSent:       {"Sent to the terminal.", "", waitNext},
	payment.StatusWaiting:    {"Waiting for the customer.", "", waitNext},
	payment.StatusProcessing: {"The card is being checked.", "", waitNext},
	payment.StatusUnknown: {"Not sure yet – do not charge again.", "Not sure yet – do not give money back again.",
		"Ask again with: tillkeeper query %[1]s (or recover). With proof at hand: tillkeeper decide %[1]s paid|not-paid."},
	payment.StatusApproved:       {"Paid.", "", "Nothing more to do."},
	payment.StatusDeclined:       {"Declined, nothing charged.", "Declined, nothing given back.", "Ask for another card or another way to pay."},
	payment.StatusCancelled:      {"Cancelled, nothing charged.", "Cancelled, nothing given back.", "Start again if it is still wanted."},
	payment.StatusExpired:        {"The time ran out, nothing charged.", "The time ran out, nothing given back.", "Start again if it is still wanted."},
	payment.StatusDecidedPaid:    {"Treated as paid: a person decided so.", "Treated as done: a person decided so.", decidedNext},
	payment.StatusDecidedNotPaid: {"Treated as not paid: a person decided so.", "Treated as not done: a person decided so.", decidedNext},
	payment.StatusVoided:         {"Paid, and voided later.", "", "Nothing more to do."},
	payment.StatusPartlyRefunded: {"Paid, and partly refunded later.", "", "Nothing more to do."},
	payment.StatusRefunded:       {"Paid, and refunded later.", "", "Nothing more to do."},
}

const (
	waitNext    = "Wait for the terminal, or ask it to withdraw the order with: tillkeeper cancel %[1]s."
	decidedNext = "A real answer that comes later replaces the decision."
)

// describe finds the words for an order as it stands.
func describe(o payment.Order, s payment.State) words {
	p := phrases[s.Status]
	w := words{happened: p.charge, money: moneyWords(o, s), next: p.next}
	if !o.Operation.Charges() {
		w.happened = backWords(o, s, p)
	}
	switch {
	case s.Status == payment.StatusNotSent:
		w.happened, w.next = notSentWords(o, s)
	case s.Status == payment.StatusApproved && s.Facts.Partial:
		owed := o.Asked.Total().Sub(s.Moved.Total())
		w.happened, w.next = fmt.Sprintf("Part paid, %s still owed.", owed), "Take the rest in another way."
	case s.Status == payment.StatusDeclined && !o.Operation.Charges():
		w.next = afterCode[s.Code]
		if w.next == "" {
			w.next = "Nothing was given back; ask the payment provider why."
		}
	}
	switch {
	case s.Signature == payment.SignatureWanted:
		w.happened += " Compare the signature on the slip with the card."
		w.next = "Is it the same? tillkeeper sign %[1]s accept. If not: tillkeeper sign %[1]s reject."
	case s.ReversalDue:
		w.happened += " It must not stand, and is not taken back yet."
		w.next = "Take it back with: tillkeeper void %[1]s."
	}
	if why := reasonWords(s); why != "" {
		w.happened += " " + why
	}
	if s.Contradicted {
		w.next = "The terminal and the books disagree about this order: compare its entries with the terminal's slip. " + w.next
	}
	if strings.Contains(w.next, "%[1]s") {
		w.next = fmt.Sprintf(w.next, o.Number)
	}
	return w
}

func backWords(o payment.Order, s payment.State, p phrase) string {
	switch {
	case s.Status == payment.StatusApproved && o.Operation == payment.Void:
		return fmt.Sprintf("Order %s is voided.", o.Original)
	case s.Status == payment.StatusApproved:
		return "Refunded."
	case p.back != "":
		return p.back
	}
	return p.charge
}

func notSentWords(o payment.Order, s payment.State) (happened, next string) {
	nothing := "nothing charged"
	if !o.Operation.Charges() {
		nothing = "nothing given back"
	}
	switch s.Code {
	case payment.CodeNotReached, payment.CodeLinkLost:
		happened = "Terminal not reached, nothing sent."
	case payment.CodeBusy:
		happened = "Terminal busy, nothing sent."
	case payment.CodeWithdrawn:
		happened = "Withdrawn before it was sent, " + nothing + "."
	case payment.CodeProgramStopped:
		happened = "The program stopped before anything was sent, " + nothing + "."
	case payment.CodeWrongAppID:
		happened = "The terminal does not accept this till's application id, " + nothing + "."
	case payment.CodeCannotRecord:
		happened = "The order could not be written down, so nothing was sent."
	default:
		happened = "Refused before any card was asked for, " + nothing + "."
	}
	if next = afterCode[s.Code]; next == "" {
		next = "Put right what the terminal says, then try again."
	}
	return happened, next
}

// reasonWords say why an order is not paid or not known: in our words where the
// code has some, else in the terminal's.
func reasonWords(s payment.State) string {
	switch s.Status {
	case payment.StatusDeclined, payment.StatusNotSent, payment.StatusUnknown:
		if why, ok := because[s.Code]; ok {
			return why
		}
		return sentence(s.Text)
	}
	return ""
}

func moneyWords(o payment.Order, s payment.State) string {
	sum := sumsOf(o, s).Total()
	moved, none := "Charged", "Nothing was charged."
	if !o.Operation.Charges() {
		moved, none = "Given back", "Nothing was given back."
	}
	switch {
	case s.Status == payment.StatusPartlyRefunded:
		return fmt.Sprintf("Charged: %s, of which %s can still be refunded.", sum, s.Refundable)
	case s.Status == payment.StatusVoided, s.Status == payment.StatusRefunded:
		return fmt.Sprintf("Charged: %s, and all of it was given back.", sum)
	case s.Status == payment.StatusDecidedPaid:
		return fmt.Sprintf("Counted as %s: %s.", strings.ToLower(moved), sum)
	case s.Status == payment.StatusDecidedNotPaid:
		return fmt.Sprintf("Counted as not %s; the terminal has not said so.", strings.ToLower(moved))
	case s.Status.Moved():
		return fmt.Sprintf("%s: %s%s.", moved, sum, partsText(sumsOf(o, s)))
	case s.Status.Open():
		return fmt.Sprintf("It is not known yet what happened to %s.", sum)
	}
	return none
}

// partsText names the parts of a sum that has several.
func partsText(a payment.Amounts) string {
	var parts []string
	for _, p := range []struct {
		name string
		sum  payment.Amount
	}{{"tip", a.Tip}, {"cashback", a.Cashback}, {"surcharge", a.Surcharge}} {
		if p.sum.IsPositive() {
			parts = append(parts, p.name+" "+p.sum.Text())
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (amount " + a.Amount.Text() + ", " + strings.Join(parts, ", ") + ")"
}

// detail is the line about where and with what card.
func detail(r payment.Record) string {
	f := r.Apparent().Facts
	line := "Order " + r.Order.Number + " on terminal " + r.Order.TerminalName
	if f.Card != "" || f.Brand != "" {
		line += ", " + strings.TrimSpace(f.Brand+" card "+stars(f.Card))
	}
	if f.AuthCode != "" {
		line += ", auth code " + f.AuthCode
	}
	return line + "."
}

func stars(card string) string {
	if card == "" {
		return ""
	}
	return "…" + card
}

// nextAfter is what to do after a failure.
func nextAfter(err error) string {
	code := payment.CodeOf(err)
	next, ok := afterCode[code]
	if !ok {
		next = afterClass[code.Class()]
	}
	if number := inTheWay(err); strings.Contains(next, "%[1]s") {
		if number == "" {
			number = "ORDER"
		}
		return fmt.Sprintf(next, number)
	}
	return next
}

// inTheWay is the number of the order that a refusal is about.
func inTheWay(err error) string {
	var e *payment.Error
	if errors.As(err, &e) {
		return e.Order
	}
	return ""
}

// afterClass is what to do where the code itself has nothing better.
var afterClass = map[payment.Class]string{
	payment.Internal:    "Try again; if it stays so, run the command with --verbose and tell support what it says.",
	payment.BadInput:    "Put it right and run the command again.",
	payment.RuleRefusal: "Look at the order first with: tillkeeper orders %[1]s.",
	payment.NothingSent: "Try again.",
	payment.NoMoney:     "Ask for another card or another way to pay.",
	payment.InDoubt:     "Do not charge again. Ask with: tillkeeper query %[1]s (or recover).",
}

var afterCode = map[payment.Code]string{
	payment.CodeBadAmount:       "Type the amount like 12.50.",
	payment.CodeBadCurrency:     "Use a code such as USD or EUR.",
	payment.CodeBadAddress:      "Type the address like 192.0.2.40, 192.0.2.40:35779 or ecrhub://192.0.2.40:35779.",
	payment.CodeNameTaken:       "Choose another name, or remove that terminal first.",
	payment.CodeNoTerminal:      "Add one with: tillkeeper terminal add NAME ADDRESS.",
	payment.CodeUnknownTerminal: "See which there are with: tillkeeper terminal list.",
	payment.CodeUnknownOrder:    "See which there are with: tillkeeper orders.",
	payment.CodeUsage:           "See: tillkeeper --help, or --help after a command.",
	payment.CodeNewerData:       "Use the newer program that wrote the data, or another data folder.",
	payment.CodeDamagedData:     "Nothing was changed. Keep a copy of the data folder and ask support before doing anything else.",
	payment.CodeReasonMissing:   "Say why with --reason and what proof was seen with --proof.",

	payment.CodeOpenUnknown:      "Do not charge again yet. Ask with: tillkeeper query %[1]s (or recover). To go on all the same: --despite %[1]s.",
	payment.CodeWasPaid:          "The customer has paid; do not charge again. If this is another sale: --despite %[1]s.",
	payment.CodeRefundTooHigh:    "Refund less, or leave the amount out to refund the rest.",
	payment.CodeNotPaid:          "There is nothing to take back.",
	payment.CodeAlreadyVoided:    "Nothing is left to take back.",
	payment.CodeAlreadyRefunded:  "See what is left with: tillkeeper orders %[1]s.",
	payment.CodeOriginalOpen:     "Find out first with: tillkeeper query %[1]s.",
	payment.CodeFollowUpOpen:     "Find out first with: tillkeeper recover.",
	payment.CodeUnsupported:      "Use another way or another terminal.",
	payment.CodeNotOpen:          "Look at the order with: tillkeeper orders %[1]s.",
	payment.CodeNoQuestion:       "Look at the order with: tillkeeper orders %[1]s.",
	payment.CodeVoidAfterClose:   "Refund it instead: tillkeeper refund %[1]s.",
	payment.CodeAlreadyCompleted: "Look at the order with: tillkeeper orders %[1]s.",
	payment.CodeAboveReserve:     "Take at most what was reserved, and the rest as a sale of its own.",
	payment.CodeOrdersOpen:       "Settle them first with: tillkeeper recover (or decide). To close all the same: --despite %[1]s.",

	payment.CodeNotReached:   "Check the terminal's power, network and address (tillkeeper terminal test NAME), then try again.",
	payment.CodeBusy:         "Wait until the terminal is free, then try again.",
	payment.CodeCannotRecord: "Make room on the disk, or make the data folder writable, then try again.",
	payment.CodeWrongAppID:   "Set the application id that the payment provider gave you (--set app_id=…), then try again.",
	payment.CodeBadParameter: "Check the terminal's settings, then try again.",

	payment.CodeSecretMissing: "Give it with: --secret KEY=env:VAR, file:PATH or - for stdin.",
	payment.CodeWrongPassword: "Check the password (tillkeeper terminal set NAME --secret …), then try again.",
	payment.CodeWrongKey:      "Check the keys (tillkeeper terminal set NAME --secret …), then try again.",
	payment.CodeWrongMerchant: "Check the merchant and terminal numbers (tillkeeper terminal set NAME --set …), then try again.",
	payment.CodeWrongPath:     "Check the address and the protocol version, then try again.",
	payment.CodeCertificate:   "Check this computer's date and network; if they are right, ask the provider.",
	payment.CodeOffline:       "Check the terminal's power and network, then try again.",
	payment.CodeSecretsLocked: "Log in as the user who set up the till, then try again.",
	payment.CodeNotEnabled:    "Ask the provider to enable it, or use another way.",
	payment.CodeReversed:      "Start again if it is still wanted.",
	payment.CodeCannotAsk:     "Look it up in the terminal's own list, then: tillkeeper decide %[1]s paid|not-paid --reason … --proof ….",

	payment.CodeBatchClosed:    "The batch is closed: refund the order instead.",
	payment.CodeNotRecorded:    "Do not charge again. Make room on the disk, then ask with: tillkeeper query %[1]s.",
	payment.CodeProgramStopped: "Start again if it is still wanted.",
	payment.CodeWithdrawn:      "Start again if it is still wanted.",
}

// because says why an order is declined, not sent or not known, where the code
// knows it better than the text that came with it. Empty: the first words say it.
var because = map[payment.Code]string{
	payment.CodeDeclined:          "The bank or the terminal said no.",
	payment.CodeInsufficientFunds: "There is not enough money on the card's account.",
	payment.CodeBatchClosed:       "The terminal's batch is closed already.",
	payment.CodeBatchOpen:         "The terminal's batch is still open.",
	payment.CodeOriginalNotFound:  "The terminal does not know the original order.",
	payment.CodeHostRefusedRefund: "The bank refused the refund.",
	payment.CodeAlreadyReversed:   "It was taken back before.",
	payment.CodeWrongCard:         "It was not the card of the original order.",

	payment.CodeNotReached:     "",
	payment.CodeBusy:           "",
	payment.CodeWithdrawn:      "",
	payment.CodeWrongAppID:     "",
	payment.CodeClosed:         "",
	payment.CodeProgramStopped: "The program stopped while the order was under way.",

	payment.CodeNoAnswer:        "The terminal has not answered.",
	payment.CodeLinkLost:        "The connection to the terminal was lost.",
	payment.CodeBadAnswer:       "The terminal's answer cannot be read.",
	payment.CodeWrongOrder:      "The terminal answered about another order.",
	payment.CodeWrongAmount:     "The terminal's answer is over another sum.",
	payment.CodeWrongCurrency:   "The terminal's answer is in another currency.",
	payment.CodeTerminalTimeout: "The terminal ran out of time.",
	payment.CodeHostTimeout:     "The bank did not answer the terminal in time.",
	payment.CodeHostFault:       "The bank's system had a fault.",
	payment.CodeNumberRepeated:  "The terminal says it has had this order before.",
	payment.CodeNotFound:        "The terminal does not know the order, and that alone is no proof.",
	payment.CodePending:         "The terminal is still working on it.",

	payment.CodeWrongPassword: "The other side does not accept this till's password.",
	payment.CodeWrongKey:      "The other side does not accept this till's signature.",
	payment.CodeWrongMerchant: "The other side does not know this merchant or terminal.",
	payment.CodeWrongPath:     "The request is not understood at this address.",
	payment.CodeCertificate:   "The server could not prove who it is.",
	payment.CodeOffline:       "The cloud says that the terminal is not connected.",
	payment.CodeNotEnabled:    "The provider has not enabled this for this terminal.",
	payment.CodeErrorPage:     "A web page came in place of an answer.",
	payment.CodeBadSignature:  "The answer is not signed by the provider.",
	payment.CodeUnknownStatus: "The answer has a status that nobody knows.",
	payment.CodeCannotAsk:     "There is no way to ask about this order.",
	payment.CodeClockOff:      "This computer's clock is too far from the provider's.",
}
