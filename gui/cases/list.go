package cases

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// list has the open cases first, then those of the last days.
type list struct {
	content fyne.CanvasObject
	room    *fyne.Container // the rows, built anew when cases come or go
	rows    []*row
	open    int
	built   bool
}

func newList(v *View) *list {
	l := &list{room: widgets.Stack()}
	title := widgets.NewLine(v.words.Text(message.CasesTitle), widgets.Style{Size: theme.SizeResult, Bold: true, Shrink: true})
	l.content = widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(widgets.AtLeast("", theme.SizeTarget, title)), widgets.Grow(1, l.room))
	return l
}

func (l *list) render(v *View, open, closed []payment.Case, selected payment.Case) {
	all := append(append([]payment.Case{}, open...), closed...)
	if !l.fits(all, len(open)) {
		l.build(v, all, len(open))
	}
	for i, c := range all {
		l.rows[i].render(v, c, c.Record.Order.Number == selected.Record.Order.Number)
	}
}

func (l *list) fits(all []payment.Case, open int) bool {
	if !l.built || len(l.rows) != len(all) || l.open != open {
		return false
	}
	for i, c := range all {
		if l.rows[i].number != c.Record.Order.Number {
			return false
		}
	}
	return true
}

func (l *list) build(v *View, all []payment.Case, open int) {
	l.rows, l.open, l.built = nil, open, true
	var parts []widgets.Part
	head := func(id message.ID) {
		quiet := widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Bold: true, Shrink: true}
		parts = append(parts, widgets.Fixed(widgets.NewLine(v.words.Text(id), quiet)))
	}
	for i, c := range all {
		if i == 0 && open > 0 {
			head(message.CasesOpen)
		}
		if i == open {
			head(message.CasesClosed)
		}
		r := newRow(v, c.Record.Order.Number)
		l.rows = append(l.rows, r)
		parts = append(parts, widgets.Fixed(r.item))
	}
	l.room.Objects = []fyne.CanvasObject{widgets.DragScroll(widgets.Column(theme.SizeSmallGap, parts...))}
	l.room.Refresh()
}

// row is one case of the list.
type row struct {
	number              string
	item                *widgets.Item
	badge               *widgets.Badge
	amount, time, state *widgets.Line
	first               *fyne.Container // laid out anew when the time needs another width
}

func newRow(v *View, number string) *row {
	quiet := widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}
	trailing := quiet
	trailing.Align, trailing.Shrink = fyne.TextAlignTrailing, false
	r := &row{
		number: number, badge: widgets.NewBadge(widgets.Unknown, theme.SizeIcon),
		amount: widgets.NewLine("", widgets.Style{Size: theme.SizeRow, Bold: true, Shrink: true}),
		time:   widgets.NewLine("", trailing), state: widgets.NewLine("", quiet),
	}
	r.first = widgets.Row(theme.SizeSmallGap, widgets.Grow(1, r.amount), widgets.Fixed(r.time))
	words := widgets.Column(theme.SizeNone, widgets.Fixed(r.first), widgets.Fixed(r.state))
	inner := widgets.Row(theme.SizeGap, widgets.Fixed(r.badge), widgets.Grow(1, words))
	r.item = widgets.NewItem(theme.ColourSurface, theme.ColourLine, widgets.Pad(theme.SizeGap, theme.SizeSmallGap, inner),
		func() { v.model.Select(number) })
	return r
}

func (r *row) render(v *View, c payment.Case, selected bool) {
	record := c.Record
	state := widgets.State(message.MarkOf(record))
	r.badge.Set(state)
	r.amount.Set(v.words.Amount(record.Order.Asked.Total()))
	if at := v.words.When(record.Order.Created, v.model.Now()); at != r.time.Text() {
		r.time.Set(at)
		r.first.Refresh()
	}
	words := v.words.Brief(record)
	if message.Overruled(record) {
		words += " · " + v.words.Text(message.CaseCorrected)
	}
	r.state.Set(words)
	r.state.SetColour(state.Words())
	r.item.Label = r.amount.Text() + ", " + words + ", " + r.time.Text()
	if selected {
		r.item.SetColours(theme.ColourSelected, theme.ColourPrimary)
	} else {
		r.item.SetColours(theme.ColourSurface, theme.ColourLine)
	}
}
