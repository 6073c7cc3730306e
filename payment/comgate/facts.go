package comgate

import (
	"strings"

	"tillkeeper/payment"
)

// entryModes are the words seen for how a card was read, and their likely kin.
var entryModes = []struct{ word, mode string }{
	{"CLESS", "contactless"}, {"CONTACTLESS", "contactless"}, {"NFC", "contactless"},
	{"CHIP", "chip"}, {"ICC", "chip"}, {"CONTACT", "chip"}, {"INSERT", "chip"},
	{"MAG", "stripe"}, {"SWIPE", "stripe"}, {"STRIPE", "stripe"},
	{"MANUAL", "keyed"}, {"KEY", "keyed"}, {"MOTO", "keyed"}, {"QR", "qr"},
}

// verifications are the words for how a customer was verified, the strongest duty
// first: SIGNATURE is the only one that the protocol text has.
var verifications = []struct{ word, how string }{
	{"SIGNATURE", "signature"}, {"CDCVM", "device"}, {"DEVICE", "device"}, {"PIN", "pin"},
}

// facts reads what a result says about money and card (A.4.5). paid says that it
// claims an approval.
func (s settings) facts(o payment.Order, f fields, paid bool) (payment.Facts, error) {
	sums, err := s.amounts(o, f, paid)
	if err != nil {
		return payment.Facts{}, err
	}
	brand := f.text("brand")
	if brand == "" {
		brand = f.text("appLabel")
	}
	verified := verification(f.words("cvmTypeList"))
	reverse, _ := f.truth("callReversal")
	return payment.Facts{
		Amounts: sums, Card: payment.LastFour(f.text("pan")), Brand: s.words(brand),
		EntryMode: entryMode(f.text("cardInputType")), AuthCode: s.words(f.text("authCode")),
		Reference: s.words(f.text("sequenceNumber")), TerminalTime: s.words(f.text("dateTimeTerminal")),
		Signature: verified == "signature", ReversalDue: reverse, HandOver: s.confirm == confirmAfter,
		Slip: payment.Slip{
			Application: s.words(f.text("aid")), Label: s.words(f.text("appLabel")), Verification: verified,
			TerminalNumber: s.words(f.text("terminalIdAcquirer")), MerchantNumber: s.words(f.text("merchantIdAcquirer")),
			Invoice: s.words(f.text("invoiceNumber")), Sequence: s.words(f.text("sequenceNumber")),
			Display: s.words(f.text("responseMessage")),
		},
	}, nil
}

// amounts is the sum that a result names. Nothing at all is "not said" where no
// money moved, and for a reversal, which is always of the whole.
func (s settings) amounts(o payment.Order, f fields, paid bool) (payment.Amounts, error) {
	minor, known, err := f.whole("amount")
	if err != nil && paid {
		return payment.Amounts{}, err
	}
	if !known || err != nil || minor == 0 && (!paid || o.Operation == payment.Void) {
		return payment.Amounts{}, nil
	}
	c := s.currency
	if text := f.text("currency"); text != "" && text != "0" {
		if c, err = s.saidCurrency(text); err != nil {
			return payment.Amounts{}, err
		}
	}
	return divide(o, payment.FromMinor(minor, c)), nil
}

// divide finds the parts of an order in its sum: a result has only the sum, tip
// included (A.4.3). A sum that is not the order's stays in one piece, and says that
// there was no tip.
func divide(o payment.Order, sum payment.Amount) payment.Amounts {
	switch {
	case sum.Equal(o.Asked.Total()):
		return o.Asked
	case o.Asked.Tip.IsPositive() && sum.Currency() == o.Asked.Currency():
		return payment.Amounts{Amount: sum, Tip: payment.FromMinor(0, sum.Currency())}
	}
	return payment.Amounts{Amount: sum}
}

// operation is what a result says it is of, "" where that is not known. A reversal
// may well name what it reverses: what transactionType holds then is not public.
func (s settings) operation(o payment.Order, f fields) payment.Operation {
	reversed, _ := f.truth("isReversed")
	if back, _ := f.truth("reversal"); back && (!reversed || o.Operation == payment.Void) {
		return payment.Void
	}
	said := f.text("transactionType")
	for op, words := range s.types {
		if !among(words, said) {
			continue
		}
		if o.Operation == payment.Void && (op == payment.Sale || op == payment.PreAuth) {
			return ""
		}
		return op
	}
	return ""
}

func entryMode(word string) string {
	word = strings.ToUpper(word)
	for _, m := range entryModes {
		if strings.HasPrefix(word, m.word) {
			return m.mode
		}
	}
	return ""
}

// verification is the strongest of the methods performed, "none" where the terminal
// says that there was none.
func verification(methods []string) (how string) {
	strongest := len(verifications)
	for _, method := range methods {
		method = strings.ToUpper(method)
		if strings.HasPrefix(method, "NO") {
			how = "none"
			continue
		}
		for i, v := range verifications[:strongest] {
			if strings.Contains(method, v.word) {
				strongest = i
				break
			}
		}
	}
	if strongest < len(verifications) {
		return verifications[strongest].how
	}
	return how
}
