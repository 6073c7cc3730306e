package iotpaysim

import (
	"fmt"
	"strings"
	"time"
)

// scheme is a card with the data that its chip would give (§5).
type scheme struct {
	letter, number, label, aid, method, cvm, account, lang string
}

var schemes = map[Variant]scheme{
	Tap:       {"V", "XXXXXXXXXXXX4242", "VISA CREDIT", "A0000000031010", "T", "1F0302", "", "E"},
	PIN:       {"M", "XXXXXXXXXXXX1166", "MASTERCARD", "A0000000041010", "C", "420302", "", "E"},
	Signature: {"V", "XXXXXXXXXXXX4242", "VISA CREDIT", "A0000000031010", "C", "1E0300", "", "E"},
	French:    {"M", "XXXXXXXXXXXX1166", "MASTERCARD", "A0000000041010", "T", "1F0302", "", "F"},
	Interac:   {"P", "XXXXXXXXXXXX0133", "INTERAC", "A0000002771010", "C", "020300", "SAVINGS", "E"},
	Swipe:     {"A", "XXXXXXXXXXX1007", "", "", "S", "", "", "E"},
}

// cardData is the extra of an order that is over (§5). Values of declines are padded
// with blanks, as terminals do.
func (o *order) cardData(at time.Time) object {
	s := schemes[o.outcome.Variant]
	auth, batch, display, cryptogram := fmt.Sprintf("%05dZ", o.serial%100000), "0008", "000 Approved 00 Thank You", "TC: "
	if s.lang == "F" {
		display = "000 Approuvee 00 Merci"
	}
	pad := ""
	if !o.paid() {
		auth, batch, cryptogram, pad = "", "0000", "ARQC: ", "   "
		display = o.complaint()
	}
	if s.aid == "" {
		cryptogram = ""
	} else {
		cryptogram += fmt.Sprintf("3D36ACBD%08X", 0x44BE5000+o.serial)
	}
	local := eastern(at)
	data := object{
		{"cardType", s.letter + pad}, {"cardNum", s.number + pad}, {"expireDate", "1230"}, {"emvLabel", s.label + pad}, {"emvAID", s.aid + pad},
		{"emvTVR", "0000008000"}, {"emvTSI", "0000"}, {"emvTC", cryptogram}, {"termNum", "25957"}, {"bankTermNum", "40880013"},
		{"termInvoiceNum", fmt.Sprintf("%06d", 724000+o.serial%1000)}, {"seqNum", fmt.Sprintf("%012d", 1000000+o.serial)},
		{"authNum", auth + pad}, {"batchNum", batch}, {"trxMethod", s.method}, {"accountType", s.account + pad},
		{"receiptDisp", display + pad}, {"cashbackAmount", pad}, {"timeStamp", local.Format("20060102-150405") + fmt.Sprintf("%02d", local.Nanosecond()/10_000_000)},
		{"surchargeAmount", pad}, {"langCode", s.lang}, {"trxDate", local.Format("01022006")}, {"trxTime", local.Format("150405")},
		{"cvmResults", s.cvm}, {"trxCode", "00"},
	}
	switch {
	case o.outcome.Kind == Cancel, o.outcome.Kind == Expire:
		// No card was seen.
		for _, name := range []string{"cardType", "cardNum", "expireDate", "emvLabel", "emvAID", "emvTVR", "emvTSI", "emvTC", "trxMethod", "cvmResults"} {
			data = data.with(name, strings.Repeat(" ", 4))
		}
	case o.outcome.Reply == CardNumber:
		data = data.with("cardNum", "4111111111111111")
	}
	return data
}

// complaint is the receipt's text of an order that was not paid.
func (o *order) complaint() string {
	switch {
	case o.outcome.Text != "":
		return o.outcome.Text
	case o.outcome.Kind == Cancel:
		return "Transaction Cancelled"
	case o.outcome.Kind == Expire:
		return "Transaction Timed Out"
	}
	return "Transaction Not Completed 05"
}

// eastern is the time in Toronto by the rule of 2007: daylight saving from two
// o'clock on the second Sunday of March to two o'clock on the first of November. It
// needs no time zone files, which a till in a shop may lack.
func eastern(t time.Time) time.Time {
	standard := t.In(time.FixedZone("EST", -5*3600))
	sunday := func(month time.Month, nth, hour int) time.Time {
		first := time.Date(standard.Year(), month, 1, hour, 0, 0, 0, standard.Location())
		return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(nth-1))
	}
	// The end is at two o'clock daylight time, which is one o'clock standard time.
	if standard.Before(sunday(time.March, 2, 2)) || !standard.Before(sunday(time.November, 1, 1)) {
		return standard
	}
	return t.In(time.FixedZone("EDT", -4*3600))
}
