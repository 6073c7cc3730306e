package gui

import (
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
}

func newNavigation(w *Window) *navigation {
	n := &navigation{places: map[screenName]*place{
		screenPay:       newPlace(theme.IconKeypad, w.words.Text(message.NavPay), func() { w.show(screenPay) }),
		screenTerminals: newPlace(theme.IconTerminal, w.words.Text(message.NavTerminals), func() { w.show(screenTerminals) }),
	}}
	settings := newPlace(theme.IconSettings, w.words.Text(message.NavSettings), w.showSettings)
	column := widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(n.places[screenPay].item), widgets.Fixed(n.places[screenTerminals].item),
		widgets.Grow(1, widgets.Space()), widgets.Fixed(settings.item))
	rail := widgets.AtLeast(theme.SizeRail, "", widgets.Pad(theme.SizeSmallGap, theme.SizeGap, column))
	n.content = widgets.NewBand(theme.ColourRail, rail)
	return n
}

func newPlace(icon theme.Icon, word string, tapped func()) *place {
	p := &place{
		icon:    icon,
		picture: widgets.NewPicture(icon, theme.ColourQuiet, theme.SizeIcon),
		word: widgets.NewLine(word, widgets.Style{
			Size: theme.SizeCaption, Colour: theme.ColourQuiet, Align: fyne.TextAlignCenter, Shrink: true,
		}),
	}
	column := widgets.Column(theme.SizeNone, widgets.Fixed(p.picture), widgets.Fixed(p.word))
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
