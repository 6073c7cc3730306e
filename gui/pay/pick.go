package pay

import (
	"strings"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// picker is the dialog in which staff chooses an order: from the latest ones, or by number from the keyboard, a scanner
// or the keypad.
type picker struct {
	view    *View
	dialog  *widgets.Dialog
	field   *widgets.Entry
	problem *widgets.Paragraph
	list    *fyne.Container
	chosen  func(payment.Record)
}

// pick lets staff choose the order for Refund, Void or ("") Query, where a terminal can do that.
func (v *View) pick(op payment.Operation) {
	if op != "" && !v.model.Offers(op) {
		return
	}
	titles := map[payment.Operation]message.ID{
		payment.Refund: message.PickRefund, payment.Void: message.PickVoid, payment.TipAdjustment: message.PickTip, "": message.PickQuery,
	}
	v.pickFrom(op, titles[op], v.model.Candidates(op))
}

// pickFrom lets staff choose among orders, or type the number of another.
func (v *View) pickFrom(op payment.Operation, title message.ID, orders []payment.Record) *picker {
	if v.model.Busy() || v.model.Held() {
		return nil
	}
	p := &picker{view: v, problem: widgets.NewParagraph("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourDeclined})}
	p.dialog = &widgets.Dialog{Title: v.words.Text(title), Tall: true, Wide: true, Keep: true}
	p.chosen = func(r payment.Record) {
		v.dialogs.Close(p.dialog)
		v.act(op, r)
	}
	p.field = widgets.NewEntry(v.words.Text(message.PickNumber))
	p.field.Label = v.words.Text(message.PickNumber)
	p.field.OnKey = p.key
	p.dialog.Focus = p.field
	p.list = widgets.Stack(v.orderList(orders, p.chosen))
	latest := widgets.Column(theme.SizeGap, widgets.Grow(1, p.list), widgets.Fixed(p.problem))
	p.dialog.Content = widgets.Row(theme.SizeMargin, widgets.Grow(1.15, latest), widgets.Grow(1, p.byNumber()))
	v.open(p.dialog, message.ButtonBack)
	return p
}

// offer replaces the orders to choose among.
func (p *picker) offer(orders []payment.Record) {
	p.list.Objects = []fyne.CanvasObject{p.view.orderList(orders, p.chosen)}
	p.list.Refresh()
}

// byNumber is the half of the dialog where a number is typed.
func (p *picker) byNumber() fyne.CanvasObject {
	find := widgets.NewPrimary(p.view.words.Text(message.ButtonFind), "", p.find)
	find.Height = theme.SizeField
	keypad := widgets.NewKeypad("", func(k widgets.Key) {
		switch k {
		case widgets.Backspace:
			letters := []rune(p.field.Text)
			p.field.SetText(string(letters[:max(len(letters)-1, 0)]))
		case widgets.Clear:
			p.field.SetText("")
		default:
			p.field.SetText(p.field.Text + string(k))
		}
	})
	number := widgets.Row(theme.SizeSmallGap, widgets.Grow(1, p.field), widgets.Fixed(find))
	return widgets.Column(theme.SizeGap, widgets.Fixed(number), widgets.Grow(1, keypad))
}

func (p *picker) key(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter {
		p.find()
		return
	}
	p.view.dialogs.TypedKey(key)
}

// find looks the number up, or says that there is none such.
func (p *picker) find() {
	number := strings.TrimSpace(p.field.Text)
	if number == "" {
		return
	}
	p.view.model.Lookup(number, func(r payment.Record, err error) {
		if err == nil {
			p.chosen(r)
			return
		}
		w := p.view.words.Code(payment.CodeOf(err))
		p.problem.Set(w.Sentence + " " + w.Next)
		p.dialog.Content.Refresh()
	})
}

// orderList is a list of orders to tap.
func (v *View) orderList(orders []payment.Record, tapped func(payment.Record)) fyne.CanvasObject {
	if len(orders) == 0 {
		return widgets.NewParagraph(v.words.Text(message.PickNone), widgets.Style{Size: theme.SizeSubtitle, Colour: theme.ColourQuiet})
	}
	parts := make([]widgets.Part, 0, len(orders))
	for _, r := range orders {
		row := newOrderRow(tapped)
		row.render(v, r)
		row.item.SetColours(theme.ColourKey, theme.ColourLine)
		parts = append(parts, widgets.Fixed(widgets.AtLeast("", theme.SizeButton, row.item)))
	}
	return widgets.DragScroll(widgets.Column(theme.SizeSmallGap, parts...))
}
