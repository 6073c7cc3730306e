package storage

import (
	"strings"

	"tillkeeper/payment"
)

// search returns the condition for text: the beginning of an order number, a part
// of a note or reason, a card's last four digits, or a sum.
func search(text string) (condition string, args []any) {
	c := conditions{}
	c.add(`o.number LIKE ? ESCAPE '\'`, likeText(text)+"%")
	c.add(`o.words LIKE ? ESCAPE '\'`, "%"+likeText(strings.ToLower(text))+"%")
	if len(text) == 4 && payment.LastFour(text) != "" {
		c.add("s.card = ?", text)
	}
	for _, unit := range []payment.Currency{"JPY", "USD", "KWD"} {
		// The three stand for all currencies of 0, 2 and 3 places.
		sum, err := payment.ParseAmount(text, unit)
		if err != nil {
			continue
		}
		c.add(`(o.places = ? AND ? IN (o.amount,
			o.amount + ifnull(o.tip, 0) + ifnull(o.cashback, 0) + ifnull(o.surcharge, 0),
			s.moved_amount + ifnull(s.moved_tip, 0) + ifnull(s.moved_cashback, 0) + ifnull(s.moved_surcharge, 0)))`,
			unit.Places(), sum.Minor())
	}
	return "(" + strings.Join(c.parts, " OR ") + ")", c.args
}

// likeText escapes what LIKE gives a meaning to.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
