package cases_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tillkeeper/gui/cases"
	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

func TestAPageFitsAReceiptPrinterAndTellsAll(t *testing.T) {
	can := payment.Capabilities{Limit: 3 * time.Minute, NotFoundProves: true}
	for _, language := range []string{"en", "cs"} {
		words, err := message.New(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []payment.Record{fresh(), stubborn(), byDecision(), overruled(), settled()} {
			c, _ := payment.CaseOf(r, can, noon)
			title, lines := cases.Page(words, c, noon)
			page := strings.Join(lines, "\n")
			for _, line := range lines {
				if utf8.RuneCountInString(line) > 42 || strings.ContainsAny(line, "\u00a0\u202f") {
					t.Errorf("%s: %q does not fit", language, line)
				}
			}
			said := strings.Join(strings.Fields(page), " ")
			for _, want := range []string{title, r.Order.Number, r.Order.TerminalName, words.Text(message.CaseStory), words.Text(message.StorySent)} {
				if !strings.Contains(said, want) {
					t.Errorf("%s: %q is not on the page:\n%s", language, want, page)
				}
			}
		}
	}
}

func TestAPageWordForWord(t *testing.T) {
	words, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := payment.CaseOf(overruled(), payment.Capabilities{Limit: 3 * time.Minute}, noon)
	_, lines := cases.Page(words, c, noon)
	want := `Case of order T260309KX9ZZ4
------------------------------------------
Payment €56.00
09:05:00 · Counter 1

PAID
€56.00 was charged.

Why
- The terminal itself answered at
  10:05:36: paid.
- Jana decided at 09:25:36. Reason:
  Customer left. Proof seen: Terminal's
  list.
- Asked once, at 09:05:36, without an
  answer.
- The connection broke after the order was
  sent. (09:05:31)

Next step
The decision was wrong: €56.00 was paid by
card. If it was paid again in another way,
give that back.

What happened
09:05:00  Payment of €56.00 entered for
          Counter 1, and stored.
09:05:00  Sent to the terminal.
09:05:01  The terminal showed it and
          waited for a card.
09:05:31  No answer to rely on. The
          connection broke after the order
          was sent.
09:05:36  Asked; no answer.
09:25:36  Jana decided: not paid. Reason:
          Customer left. Proof seen:
          Terminal's list.
10:05:36  The terminal says: paid. The
          decision was wrong; the books
          are corrected.

------------------------------------------
Printed 9 Mar, 14:05:00`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
