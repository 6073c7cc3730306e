package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// DragScroll scrolls its content up and down by wheel, by bar and, unlike Fyne's own on a desktop, by a finger's drag.
func DragScroll(content fyne.CanvasObject) fyne.CanvasObject {
	// A hair's width keeps edges that are drawn half outside from being cut.
	s := container.NewVScroll(Pad(theme.SizeHair, theme.SizeHair, content))
	d := &dragger{scroll: s}
	d.ExtendBaseWidget(d)
	return &fyne.Container{Layout: &dragLayout{}, Objects: []fyne.CanvasObject{s, d}}
}

// dragger is a transparent sheet on top that takes drags and nothing else, so that taps reach what lies below.
type dragger struct {
	widget.BaseWidget
	scroll *container.Scroll
}

var _ fyne.Draggable = (*dragger)(nil)

// Dragged implements fyne.Draggable.
func (d *dragger) Dragged(e *fyne.DragEvent) {
	offset := d.scroll.Offset
	offset.Y -= e.Dragged.DY
	d.scroll.ScrollToOffset(offset)
}

// DragEnd implements fyne.Draggable.
func (d *dragger) DragEnd() {}

// CreateRenderer implements fyne.Widget.
func (d *dragger) CreateRenderer() fyne.WidgetRenderer {
	return newLook(func(fyne.Size) {}, func() fyne.Size { return fyne.Size{} }, func() {})
}

// dragLayout gives the scroll all the room and the dragger all but the bar.
type dragLayout struct{}

// MinSize implements fyne.Layout.
func (*dragLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (*dragLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	place(objects[0], 0, 0, s.Width, s.Height)
	place(objects[1], 0, 0, max(s.Width-size(fynetheme.SizeNameScrollBar), 0), s.Height)
}
