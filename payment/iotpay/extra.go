package iotpay

import (
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// card is the card data of §5, trimmed and masked, without the expiry.
type card map[string]string

// card reads extra: JSON inside a text. What is not JSON is no card data. An empty
// answer of the gateway may echo the request's extra, which is none either.
func (a answer) card() card {
	o, err := parseObject([]byte(a.order("extra")))
	if err != nil {
		return nil
	}
	c := card{}
	for _, m := range o {
		text, plain := m.plain()
		if text = strings.TrimSpace(text); plain && text != "" && !strings.EqualFold(m.name, "expireDate") {
			c[m.name] = payment.Mask(text)
		}
	}
	return c
}

// brands are the letters of cardType; all but M are assumed (§5).
var brands = map[string]string{
	"M": "Mastercard", "V": "Visa", "A": "American Express", "D": "Discover", "P": "Interac", "I": "Interac",
}

// entryModes are the letters of trxMethod; all but T are assumed (§5). A fallback is a
// chip card that was swiped.
var entryModes = map[string]string{
	"T": "contactless", "C": "chip", "I": "chip", "S": "stripe", "F": "stripe", "M": "keyed", "K": "keyed",
}

var languages = map[string]string{"E": "en", "F": "fr"} // assumed (§5)

// fill takes the card data into facts. paid says that the order was approved: a
// declined one needs no signature (§10).
func (c card) fill(f *payment.Facts, paid bool) {
	f.Card = payment.LastFour(c["cardNum"])
	f.Brand = brands[c["cardType"]]
	if f.Brand == "" {
		f.Brand = c["emvLabel"]
	}
	f.EntryMode = entryModes[c["trxMethod"]]
	f.AuthCode = c["authNum"]
	// Word for word: of the terminal's own time the zone is not known, of the host's it
	// is Eastern.
	f.TerminalTime = strings.TrimSpace(c["trxDate"] + " " + c["trxTime"])
	if f.TerminalTime == "" {
		f.TerminalTime = c["timeStamp"]
	}
	f.Slip = payment.Slip{
		Application: c["emvAID"], Label: c["emvLabel"], TVR: c["emvTVR"], TSI: c["emvTSI"], Cryptogram: c["emvTC"],
		Verification: verification(c["cvmResults"], f.EntryMode), TerminalNumber: c["bankTermNum"],
		Batch: c["batchNum"], Invoice: c["termInvoiceNum"], Sequence: c["seqNum"], Account: c["accountType"],
		Language: languages[c["langCode"]], Display: c["receiptDisp"],
	}
	if f.Slip.TerminalNumber == "" {
		f.Slip.TerminalNumber = c["termNum"]
	}
	if strings.Trim(f.Slip.Batch, "0") == "" {
		f.Slip.Batch = "" // zeros say that there is none (§5)
	}
	if !paid && f.Slip.Verification == "signature" {
		f.Slip.Verification = ""
	}
}

// verification reads cvmResults (§5): the method, without its bit 7, and the result.
// A stripe that nothing else vouches for needs a signature (§10).
func verification(cvm, entryMode string) string {
	how := verified(cvm)
	if entryMode == "stripe" && (how == "" || how == "none") {
		return "signature"
	}
	return how
}

func verified(cvm string) string {
	value, err := strconv.ParseUint(cvm, 16, 32)
	if err != nil || len(cvm) != 6 || value&0xff == 0x01 {
		return ""
	}
	switch value >> 16 &^ 0x40 {
	case 0x01, 0x02, 0x04:
		return "pin"
	case 0x03, 0x05, 0x1e:
		return "signature"
	case 0x1f, 0x3f:
		return "none"
	}
	return ""
}
