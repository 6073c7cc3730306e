package cases

import (
	"strings"
	"time"
	"unicode/utf8"

	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// columns is how wide a page is: what a receipt printer of 80 mm takes in its ordinary letters.
const columns = 42

// Page writes a case as plain lines for paper, none longer than a receipt printer takes.
func Page(words *message.Catalogue, c payment.Case, now time.Time) (title string, lines []string) {
	p := &page{}
	r := c.Record
	title = words.Text(message.CasePrintHead, "Order", r.Order.Number)
	p.add(title)
	p.rule()
	p.add(words.Operation(r.Order.Operation) + " " + plain(words.Amount(r.Order.Asked.Total())))
	p.add(words.Moment(r.Order.Created, now) + " · " + r.Order.TerminalName)
	p.gap()
	verdict := words.Verdict(r)
	p.add(strings.ToUpper(verdict.Title))
	p.add(plain(verdict.Money))
	if len(c.Grounds) > 0 {
		p.head(words.Text(message.CaseGrounds))
		for _, g := range c.Grounds {
			p.item("- ", words.Ground(r.Order.Operation, g, now))
		}
	}
	p.head(words.Text(message.CaseNextStep))
	p.add(plain(words.CaseNext(c, now)))
	p.head(words.Text(message.CaseStory))
	for _, s := range words.Story(r, now) {
		p.item(words.Moment(s.Time, now)+"  ", plain(s.Text))
	}
	p.gap()
	p.rule()
	p.add(words.Text(message.CasePrintTime, "Time", now.Format(words.Text(message.FormatMomentDay))))
	return title, p.lines
}

// plain puts ordinary spaces where languages use ones that do not break, which printers do not know.
func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// page gathers lines.
type page struct{ lines []string }

func (p *page) gap()  { p.lines = append(p.lines, "") }
func (p *page) rule() { p.lines = append(p.lines, strings.Repeat("-", columns)) }

func (p *page) head(text string) {
	p.gap()
	p.add(text)
}

func (p *page) add(text string) { p.item("", text) }

// item writes text behind a mark, and later lines of it as far in.
func (p *page) item(mark, text string) {
	in := utf8.RuneCountInString(mark)
	line := mark
	for word := range strings.FieldsSeq(text) {
		if used := utf8.RuneCountInString(line); used > in && used+1+utf8.RuneCountInString(word) > columns {
			p.lines = append(p.lines, line)
			line = strings.Repeat(" ", in)
		} else if used > in {
			line += " "
		}
		line += word
	}
	p.lines = append(p.lines, line)
}
