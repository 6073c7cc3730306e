package pay

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// Links lead to other screens.
type Links struct {
	// Terminals opens the Terminals screen.
	Terminals func()
	// Case opens the case of an order, or the list of cases for "".
	Case func(number string)
}

// View shows a Model. It belongs to the window's goroutine; a change of language needs a new one.
type View struct {
	model   *Model
	words   *message.Catalogue
	dialogs *widgets.Dialogs
	links   Links

	content    fyne.CanvasObject
	left, head *fyne.Container // laid out anew when one of their parts appears or goes

	amount  *widgets.Amount
	warning *warning
	keypad  *widgets.Keypad
	chip    *chip
	cases   *casesBadge

	ready   *readyFace
	running *runningFace
	result  *resultFace
}

// NewView builds the screen. Its dialogs open in dialogs.
func NewView(m *Model, words *message.Catalogue, dialogs *widgets.Dialogs, links Links) *View {
	v := &View{model: m, words: words, dialogs: dialogs, links: links}
	v.amount = widgets.NewAmount()
	v.warning = newWarning()
	v.keypad = v.newKeypad()
	v.chip = newChip(v.tapChip)
	v.cases = newCasesBadge(func() { links.Case("") })
	v.ready, v.running, v.result = newReadyFace(v), newRunningFace(v), newResultFace(v)

	v.left = widgets.Column(theme.SizeGap,
		widgets.Grow(1, v.amount), widgets.Fixed(v.warning.item), widgets.Grow(2.5, v.keypad))
	v.head = widgets.Row(theme.SizeGap, widgets.Grow(1, v.chip.item), widgets.Fixed(v.cases.item))
	stage := widgets.Stack(v.ready.content, v.running.content, v.result.content)
	right := widgets.Column(theme.SizeGap, widgets.Fixed(v.head), widgets.Grow(1, stage))
	v.content = widgets.Inset(theme.SizeMargin, widgets.Row(theme.SizeMargin, widgets.Grow(1, v.left), widgets.Grow(1.04, right)))

	m.Changed = v.render
	m.Scanned = v.scanned
	v.render()
	return v
}

// Content is what to put into the window.
func (v *View) Content() fyne.CanvasObject { return v.content }

// TypedKey takes a key that no field and no dialog wants. fresh tells a new press of Enter from a repeated one.
func (v *View) TypedKey(key *fyne.KeyEvent, fresh bool) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if fresh {
			v.enter()
		}
	case fyne.KeyEscape:
		v.model.Escape()
	case fyne.KeyBackspace, fyne.KeyDelete:
		v.model.Backspace()
	case fyne.KeyF2:
		v.pick(payment.Refund)
	case fyne.KeyF3:
		v.pick(payment.Void)
	case fyne.KeyF4:
		v.pick("")
	case fyne.KeyF5:
		v.showMore()
	}
}

// enter does what the main button does.
func (v *View) enter() {
	if v.model.Loaded() && len(v.model.Terminals()) == 0 && v.model.Face() == Ready {
		v.links.Terminals()
		return
	}
	if r, ok := v.model.Shown(); ok && v.model.MustAgree() && v.model.AskingIsVain() {
		v.links.Case(r.Order.Number)
		return
	}
	v.model.Enter()
}

// TypedRune takes a character that no field and no dialog wants.
func (v *View) TypedRune(r rune) { v.model.Rune(r) }

func (v *View) newKeypad() *widgets.Keypad {
	// The mark stays on the keypad for currencies without decimal places, where the model ignores it: terminals of
	// two currencies must not move the keys about.
	return widgets.NewKeypad(v.words.Point(), func(k widgets.Key) {
		switch k {
		case widgets.Backspace:
			v.model.Backspace()
		case widgets.Clear:
			v.model.Clear()
		case widgets.Point:
			v.model.Point()
		default:
			v.model.Digit(string(k))
		}
	})
}

// render shows the model as it is now. It changes only what differs, so it is cheap to call.
func (v *View) render() {
	v.renderAmount()
	v.keypad.SetEnabled(v.model.CanType())
	v.chip.render(v)
	if v.cases.render(v) {
		v.head.Refresh()
	}
	if v.warning.render(v) {
		v.left.Refresh()
	}
	face := v.model.Face()
	show(v.ready.content, face == Ready)
	show(v.running.content, face == Running || face == Asking || face == Closing)
	show(v.result.content, face == Result || face == Refused || face == Closed)
	switch face {
	case Ready:
		v.ready.render(v)
	case Running:
		v.running.render(v)
	case Asking:
		v.running.renderAsking(v)
	case Closing:
		v.running.renderClosing(v)
	case Result, Refused, Closed:
		v.result.render(v)
	}
}

// renderAmount shows what is typed, or what the order on the other half of the screen is about.
func (v *View) renderAmount() {
	caption, sum := v.words.Text(message.PayAmount), v.model.Typed()
	if a := v.model.Attempt(); a != nil {
		caption, sum = v.words.Text(charging(a)), a.Amount
	} else if r, ok := v.model.Shown(); ok && v.model.Face() == Result {
		caption, sum = v.words.Operation(r.Order.Operation), r.Order.Asked.Total()
	}
	if !sum.Known() {
		v.amount.Set(caption, v.words.Zero(v.model.Currency()), true)
		return
	}
	v.amount.Set(caption, v.words.Amount(sum), false)
}

func charging(a *Attempt) message.ID {
	switch a.Operation {
	case payment.Refund:
		return message.PayAmountRefunding
	case payment.Void:
		if a.Of == payment.PreAuth {
			return message.PayAmountReleasing
		}
		return message.PayAmountVoiding
	case payment.PreAuth:
		return message.PayAmountReserving
	case payment.Completion:
		return message.PayAmountTaking
	case payment.TipAdjustment:
		return message.PayAmountTip
	default:
		return message.PayAmountCharging
	}
}

// verdict puts an order into words, knowing the order it is about and what its terminal can do.
func (v *View) verdict(r payment.Record) message.Verdict {
	if message.TakingBackOf(r) == message.BeingTakenBack {
		_, _, failed := v.model.Signing()
		switch {
		case v.model.LackOf(payment.Void, r) != LackNothing:
			return v.words.CannotTakeBack(r, payment.CodeUnsupported)
		case r.Order.Number == v.model.shown && failed.Class() == payment.RuleRefusal:
			return v.words.CannotTakeBack(r, failed)
		}
	}
	if original, ok := v.model.book.order(r.Order.Original); ok {
		return v.words.VerdictOn(r, original)
	}
	return v.words.Verdict(r)
}

// show shows or hides an object and reports whether that changed anything.
func show(o fyne.CanvasObject, visible bool) bool {
	if visible == o.Visible() {
		return false
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}
