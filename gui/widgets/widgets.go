// Package widgets holds the controls the screens share. They are made for fingers, take every colour and size from the
// theme (so they follow a switch at once), know no words of their own and nothing of payments.
package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"tillkeeper/gui/theme"
)

// look is a renderer made of three functions, enough for controls of a handful of objects.
type look struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

// newLook returns the renderer after dressing its objects for the first time.
func newLook(layout func(fyne.Size), min func() fyne.Size, refresh func(), objects ...fyne.CanvasObject) *look {
	refresh()
	return &look{objects: objects, layout: layout, min: min, refresh: refresh}
}

// Layout implements fyne.WidgetRenderer.
func (l *look) Layout(s fyne.Size) { l.layout(s) }

// MinSize implements fyne.WidgetRenderer.
func (l *look) MinSize() fyne.Size { return l.min() }

// Objects implements fyne.WidgetRenderer.
func (l *look) Objects() []fyne.CanvasObject { return l.objects }

// Destroy implements fyne.WidgetRenderer.
func (l *look) Destroy() {}

// Refresh implements fyne.WidgetRenderer.
func (l *look) Refresh() {
	l.refresh()
	for _, o := range l.objects {
		o.Refresh()
	}
}

func size(name fyne.ThemeSizeName) float32 { return fynetheme.Size(name) }

func colour(name fyne.ThemeColorName) color.Color { return fynetheme.Color(name) }

// newIcon returns a picture to be placed and sized by its owner.
func newIcon(icon theme.Icon, c fyne.ThemeColorName) *canvas.Image {
	img := canvas.NewImageFromResource(icon.Resource(c))
	img.FillMode = canvas.ImageFillContain
	return img
}

// setIcon shows another picture. Fyne decodes a picture when it is refreshed, and what is drawn before that is kept under
// the new one's name, so the two belong together.
func setIcon(img *canvas.Image, icon theme.Icon, c fyne.ThemeColorName) {
	img.Resource = icon.Resource(c)
	img.Refresh()
}

// place moves and resizes at once. Room may be short before the first layout; nothing has a size below nothing.
func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}

// centre places o in the middle of a box.
func centre(o fyne.CanvasObject, x, y, w, h float32, s fyne.Size) {
	place(o, x+(w-s.Width)/2, y+(h-s.Height)/2, s.Width, s.Height)
}

// fit shrinks the text until it fits the width, never below half its size, and returns the size it needs.
func fit(t *canvas.Text, full, width float32) fyne.Size {
	t.TextSize = full
	s := t.MinSize()
	// Glyphs are placed on whole pixels, so a text does not shrink quite as its size does.
	for s.Width > width && t.TextSize > full/2 {
		t.TextSize = max(min(t.TextSize*width/s.Width, t.TextSize-0.5), full/2)
		s = t.MinSize()
	}
	return s
}
