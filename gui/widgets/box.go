package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tillkeeper/gui/theme"
)

// Part is one piece of a Row or Column: the object and its share of the room that is left over.
type Part struct {
	object fyne.CanvasObject
	share  float32
}

// Fixed is a part that keeps its smallest size.
func Fixed(o fyne.CanvasObject) Part { return Part{object: o} }

// Grow is a part that takes a share of the room left over, in proportion to the others. Parts of equal share are
// equally large wherever their smallest sizes allow it.
func Grow(share float32, o fyne.CanvasObject) Part { return Part{object: o, share: share} }

// Row lays parts side by side, each as high as the row, with the theme's gap between.
func Row(gap fyne.ThemeSizeName, parts ...Part) *fyne.Container { return newBox(false, gap, parts) }

// Column lays parts below one another, each as wide as the column, with the theme's gap between.
func Column(gap fyne.ThemeSizeName, parts ...Part) *fyne.Container { return newBox(true, gap, parts) }

func newBox(upright bool, gap fyne.ThemeSizeName, parts []Part) *fyne.Container {
	b := &box{upright: upright, gap: gap, shares: map[fyne.CanvasObject]float32{}}
	c := &fyne.Container{Layout: b}
	for _, p := range parts {
		b.shares[p.object] = p.share
		c.Objects = append(c.Objects, p.object)
	}
	return c
}

// box is the layout of rows and columns.
type box struct {
	upright bool
	gap     fyne.ThemeSizeName
	shares  map[fyne.CanvasObject]float32
}

// split takes a size apart into the direction of the box and the one across.
func (b *box) split(s fyne.Size) (along, across float32) {
	if b.upright {
		return s.Height, s.Width
	}
	return s.Width, s.Height
}

// MinSize implements fyne.Layout.
func (b *box) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var sum, widest float32
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		along, across := b.split(o.MinSize())
		sum, widest, n = sum+along, max(widest, across), n+1
	}
	sum += size(b.gap) * float32(max(n-1, 0))
	if b.upright {
		return fyne.NewSize(widest, sum)
	}
	return fyne.NewSize(sum, widest)
}

// Layout implements fyne.Layout.
func (b *box) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	room, across := b.split(s)
	if b.upright {
		// Words break into lines at the width of the column; only then is their height known.
		for _, o := range objects {
			o.Resize(fyne.NewSize(across, o.Size().Height))
		}
	}
	lengths := b.lengths(objects, room)
	at := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if b.upright {
			place(o, 0, at, across, lengths[i])
		} else {
			place(o, at, 0, lengths[i], across)
		}
		at += lengths[i] + size(b.gap)
	}
}

// lengths gives every visible part its length. A growing part whose share is below its smallest size takes the smallest
// and leaves the sharing to the others.
func (b *box) lengths(objects []fyne.CanvasObject, room float32) []float32 {
	lengths := make([]float32, len(objects))
	growing := map[int]float32{}
	n := 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		lengths[i], _ = b.split(o.MinSize())
		if share := b.shares[o]; share > 0 {
			growing[i] = share
		} else {
			room -= lengths[i]
		}
	}
	room -= size(b.gap) * float32(max(n-1, 0))
	for settled := false; !settled; {
		settled = true
		var shares float32
		for _, share := range growing {
			shares += share
		}
		for i, share := range growing {
			if room*share/shares < lengths[i] {
				room -= lengths[i]
				delete(growing, i)
				settled = false
				break
			}
		}
		if settled {
			for i, share := range growing {
				lengths[i] = room * share / shares
			}
		}
	}
	return lengths
}

// Inset puts room around an object, as wide as the theme's size.
func Inset(margin fyne.ThemeSizeName, o fyne.CanvasObject) *fyne.Container {
	return Pad(margin, margin, o)
}

// Pad puts room around an object, as wide as the theme's sizes at its sides and at top and bottom.
func Pad(sides, ends fyne.ThemeSizeName, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &pad{sides, ends}, Objects: []fyne.CanvasObject{o}}
}

type pad struct{ sides, ends fyne.ThemeSizeName }

// MinSize implements fyne.Layout.
func (l *pad) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*size(l.sides), 2*size(l.ends))
}

// Layout implements fyne.Layout.
func (l *pad) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	x, y := size(l.sides), size(l.ends)
	place(objects[0], x, y, s.Width-2*x, s.Height-2*y)
}

// Stack puts objects on top of one another, each as large as the stack.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return container.NewStack(objects...)
}

// Middle gives an object all the width and no more height than it needs, half way down.
func Middle(o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &middle{}, Objects: []fyne.CanvasObject{o}}
}

type middle struct{}

// MinSize implements fyne.Layout.
func (*middle) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (*middle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(s) // words break into lines at this width
	height := min(objects[0].MinSize().Height, s.Height)
	place(objects[0], 0, (s.Height-height)/2, s.Width, height)
}

// AtLeast keeps an object from getting smaller than the theme's sizes; an empty name asks for nothing.
func AtLeast(width, height fyne.ThemeSizeName, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &atLeast{width, height}, Objects: []fyne.CanvasObject{o}}
}

type atLeast struct{ width, height fyne.ThemeSizeName }

// MinSize implements fyne.Layout.
func (l *atLeast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	if l.width != "" {
		m.Width = max(m.Width, size(l.width))
	}
	if l.height != "" {
		m.Height = max(m.Height, size(l.height))
	}
	return m
}

// Layout implements fyne.Layout.
func (l *atLeast) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	place(objects[0], 0, 0, s.Width, s.Height)
}

// Space is an object that shows nothing and takes what room it is given.
func Space() fyne.CanvasObject { return &fyne.Container{Layout: &nothing{}} }

type nothing struct{}

// MinSize implements fyne.Layout.
func (*nothing) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (*nothing) Layout([]fyne.CanvasObject, fyne.Size) {}

// Card puts an object on a raised surface with room around it.
func Card(content fyne.CanvasObject) fyne.CanvasObject {
	return NewPanel(theme.ColourSurface, theme.ColourLine, Inset(theme.SizeMargin, content))
}

// Top gives an object no more height than it needs, at the top.
func Top(o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &top{}, Objects: []fyne.CanvasObject{o}}
}

type top struct{}

// MinSize implements fyne.Layout.
func (*top) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (*top) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	place(objects[0], 0, 0, s.Width, min(objects[0].MinSize().Height, s.Height))
}
