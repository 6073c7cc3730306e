package storage

import (
	"database/sql"
	"encoding/json"
	"strings"

	"tillkeeper/payment"
)

// storedFacts are payment.Facts as the JSON of a column. Each sum carries its own
// currency, because a terminal may answer in another one.
type storedFacts struct {
	Amount       *storedAmount `json:"amount,omitempty"`
	Tip          *storedAmount `json:"tip,omitempty"`
	Cashback     *storedAmount `json:"cashback,omitempty"`
	Surcharge    *storedAmount `json:"surcharge,omitempty"`
	Partial      bool          `json:"partial,omitempty"`
	Card         string        `json:"card,omitempty"`
	Brand        string        `json:"brand,omitempty"`
	EntryMode    string        `json:"entry_mode,omitempty"`
	AuthCode     string        `json:"auth_code,omitempty"`
	Reference    string        `json:"reference,omitempty"`
	Trace        string        `json:"trace,omitempty"`
	TerminalTime string        `json:"terminal_time,omitempty"`
	Signature    bool          `json:"signature,omitempty"`
	ReversalDue  bool          `json:"reversal_due,omitempty"`
	HandOver     bool          `json:"hand_over,omitempty"`
	Slip         *storedSlip   `json:"slip,omitempty"`
}

// storedSlip has the fields of payment.Slip in their order, so that one converts
// into the other.
type storedSlip struct {
	Application    string `json:"application,omitempty"`
	Label          string `json:"label,omitempty"`
	TVR            string `json:"tvr,omitempty"`
	TSI            string `json:"tsi,omitempty"`
	Cryptogram     string `json:"cryptogram,omitempty"`
	Verification   string `json:"verification,omitempty"`
	TerminalNumber string `json:"terminal_number,omitempty"`
	MerchantNumber string `json:"merchant_number,omitempty"`
	Batch          string `json:"batch,omitempty"`
	Invoice        string `json:"invoice,omitempty"`
	Sequence       string `json:"sequence,omitempty"`
	Account        string `json:"account,omitempty"`
	Language       string `json:"language,omitempty"`
	Display        string `json:"display,omitempty"`
}

func storedSlipOf(s payment.Slip) *storedSlip {
	if s == (payment.Slip{}) {
		return nil
	}
	stored := storedSlip(s)
	return &stored
}

func (s *storedSlip) slip() payment.Slip {
	if s == nil {
		return payment.Slip{}
	}
	return payment.Slip(*s)
}

type storedAmount struct {
	Minor    int64            `json:"minor"`
	Currency payment.Currency `json:"currency"`
}

func factsColumn(f *payment.Facts) (sql.NullString, error) {
	if f == nil {
		return sql.NullString{}, nil
	}
	text, err := json.Marshal(storedFacts{
		Amount:       storedAmountOf(f.Amounts.Amount),
		Tip:          storedAmountOf(f.Amounts.Tip),
		Cashback:     storedAmountOf(f.Amounts.Cashback),
		Surcharge:    storedAmountOf(f.Amounts.Surcharge),
		Partial:      f.Partial,
		Card:         f.Card,
		Brand:        f.Brand,
		EntryMode:    f.EntryMode,
		AuthCode:     f.AuthCode,
		Reference:    f.Reference,
		Trace:        f.Trace,
		TerminalTime: f.TerminalTime,
		Signature:    f.Signature,
		ReversalDue:  f.ReversalDue,
		HandOver:     f.HandOver,
		Slip:         storedSlipOf(f.Slip),
	})
	return sql.NullString{String: string(text), Valid: true}, err
}

func factsOf(column sql.NullString) (*payment.Facts, error) {
	if !column.Valid {
		return nil, nil
	}
	var f storedFacts
	if err := json.Unmarshal([]byte(column.String), &f); err != nil {
		return nil, err
	}
	return &payment.Facts{
		Amounts: payment.Amounts{
			Amount:    f.Amount.amount(),
			Tip:       f.Tip.amount(),
			Cashback:  f.Cashback.amount(),
			Surcharge: f.Surcharge.amount(),
		},
		Partial:      f.Partial,
		Card:         f.Card,
		Brand:        f.Brand,
		EntryMode:    f.EntryMode,
		AuthCode:     f.AuthCode,
		Reference:    f.Reference,
		Trace:        f.Trace,
		TerminalTime: f.TerminalTime,
		Signature:    f.Signature,
		ReversalDue:  f.ReversalDue,
		HandOver:     f.HandOver,
		Slip:         f.Slip.slip(),
	}, nil
}

func storedAmountOf(a payment.Amount) *storedAmount {
	if !a.Known() {
		return nil
	}
	return &storedAmount{a.Minor(), a.Currency()}
}

func (a *storedAmount) amount() payment.Amount {
	if a == nil {
		return payment.Amount{}
	}
	return payment.FromMinor(a.Minor, a.Currency)
}

// maskFacts returns f as it may be stored. The reference stays word for word: a
// query or refund needs it, and one in ten long numbers passes the check digit by
// chance.
func maskFacts(f *payment.Facts) *payment.Facts {
	if f == nil {
		return nil
	}
	masked := *f
	masked.Card = payment.LastFour(f.Card)
	masked.Brand = payment.Mask(f.Brand)
	masked.EntryMode = payment.Mask(f.EntryMode)
	masked.AuthCode = payment.Mask(f.AuthCode)
	masked.Trace = payment.Mask(f.Trace)
	if !compactTime(f.TerminalTime) {
		masked.TerminalTime = payment.Mask(f.TerminalTime)
	}
	masked.Slip = maskSlip(f.Slip)
	return &masked
}

// maskSlip leaves chip data and running numbers alone, which may look like card
// numbers by chance and are none; texts of the terminal are masked.
func maskSlip(s payment.Slip) payment.Slip {
	for _, text := range []*string{&s.Label, &s.Account, &s.Language, &s.Display, &s.Verification} {
		*text = payment.Mask(*text)
	}
	return s
}

// compactTime reports whether text is a time like 20261120153000, which could be
// mistaken for a card number.
func compactTime(text string) bool {
	return len(text) == len("20060102150405") && strings.Trim(text, "0123456789") == "" &&
		(strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20"))
}
