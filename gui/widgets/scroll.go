package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// DragScroll scrolls its content up and down by wheel, by bar and, unlike Fyne's own on a desktop, by a finger's drag.
func DragScroll(content fyne.CanvasObject) fyne.CanvasObject { return NewScroll(content).Object() }

// Scroll is a DragScroll whose owner can bring a part of it into view.
type Scroll struct {
	scroll *container.Scroll
	object fyne.CanvasObject
}

// NewScroll returns content that scrolls.
func NewScroll(content fyne.CanvasObject) *Scroll {
	// A hair's width keeps edges that are drawn half outside from being cut.
	s := container.NewVScroll(Pad(theme.SizeHair, theme.SizeHair, content))
	d := &dragger{scroll: s}
	d.ExtendBaseWidget(d)
	return &Scroll{s, &fyne.Container{Layout: &dragLayout{}, Objects: []fyne.CanvasObject{s, d}}}
}

// Object is what to put on the screen.
func (s *Scroll) Object() fyne.CanvasObject { return s.object }

// Refresh lays out anew, after the content has changed its height.
func (s *Scroll) Refresh() {
	// Words break into lines at a width; only a second look knows their height.
	for range 2 {
		s.scroll.Content.Refresh()
		s.scroll.Refresh()
	}
}

// Reveal scrolls no further than it must to show an object of the content, its top if it is too high.
func (s *Scroll) Reveal(o fyne.CanvasObject) {
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top := where(o).Y - where(s.scroll.Content).Y
	offset, room := s.scroll.Offset, s.scroll.Size().Height
	offset.Y = min(max(offset.Y, top+o.Size().Height-room), top)
	s.scroll.ScrollToOffset(offset)
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
