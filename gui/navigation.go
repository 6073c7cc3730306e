package gui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
)

// navigation is the rail at the left edge.
type navigation struct {
	content fyne.CanvasObject
	places  map[screenName]*place
}

// place is an entry of the rail.
type place struct {
	item    *widgets.Item
	icon    theme.Icon
	picture *widgets.Picture
	word    *widgets.Line
	name    string
	count   *widgets.Line // of what waits there
	pill    fyne.CanvasObject
}

func newNavigation(w *Window) *navigation {
	n := &navigation{places: map[screenName]*place{
		screenPay:       newPlace(theme.IconKeypad, w.words.Text(message.NavPay), func() { w.show(screenPay) }),
		screenCases:     newPlace(theme.IconCase, w.words.Text(message.NavCases), func() { w.showCase("") }),
		screenTerminals: newPlace(theme.IconTerminal, w.words.Text(message.NavTerminals), func() { w.show(screenTerminals) }),
	}}
	settings := newPlace(theme.IconSettings, w.words.Text(message.NavSettings), w.showSettings)
	parts := []widgets.Part{
		widgets.Fixed(n.places[screenPay].item), widgets.Fixed(n.places[screenCases].item), widgets.Fixed(n.places[screenTerminals].item),
		widgets.Grow(1, widgets.Space()),
	}
	if w.deps.DemoNext != nil {
		parts = append(parts, widgets.Fixed(newPlace(theme.IconTest, w.words.Text(message.DemoNext), w.askNext).item))
	}
	parts = append(parts, widgets.Fixed(settings.item))
	column := widgets.Column(theme.SizeSmallGap, parts...)
	rail := widgets.AtLeast(theme.SizeRail, "", widgets.Pad(theme.SizeSmallGap, theme.SizeGap, column))
	n.content = widgets.NewBand(theme.ColourRail, rail)
	return n
}

func newPlace(icon theme.Icon, word string, tapped func()) *place {
	p := &place{
		icon: icon, name: word,
		picture: widgets.NewPicture(icon, theme.ColourQuiet, theme.SizeIcon),
		word: widgets.NewLine(word, widgets.Style{
			Size: theme.SizeCaption, Colour: theme.ColourQuiet, Align: fyne.TextAlignCenter, Shrink: true,
		}),
	}
	p.count = widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Bold: true, Colour: theme.ColourOnUnknown})
	p.pill = widgets.NewPanel(theme.ColourUnknown, "", widgets.Pad(theme.SizeSmallGap, theme.SizeNone, p.count))
	p.pill.Hide()
	picture := widgets.Row(theme.SizeHair, widgets.Grow(1, widgets.Space()), widgets.Fixed(p.picture),
		widgets.Grow(1, widgets.Row(theme.SizeNone, widgets.Fixed(widgets.Top(p.pill)), widgets.Grow(1, widgets.Space()))))
	column := widgets.Column(theme.SizeNone, widgets.Fixed(picture), widgets.Fixed(p.word))
	p.item = widgets.NewItem("", "", widgets.AtLeast("", theme.SizeKey, widgets.Pad(theme.SizeNone, theme.SizeGap, column)), tapped)
	p.item.Label = word
	return p
}

// mark shows where we are.
func (n *navigation) mark(name screenName) {
	for other, p := range n.places {
		fill, ink := fyne.ThemeColorName(""), theme.ColourQuiet
		if other == name {
			fill, ink = theme.ColourSelected, theme.ColourPrimary
		}
		p.item.SetColours(fill, "")
		p.picture.Set(p.icon, ink)
		p.word.SetColour(ink)
	}
}

// count says beside a place how many cases are open.
func (n *navigation) count(words *message.Catalogue, open int) {
	p := n.places[screenCases]
	text := strconv.Itoa(open)
	if p.count.Text() == text {
		return
	}
	p.count.Set(text)
	p.item.Label = p.name
	if open > 0 {
		p.item.Label = p.name + ", " + words.Count(message.CasesBadge, open)
		p.pill.Show()
	} else {
		p.pill.Hide()
	}
	p.item.Refresh()
}
