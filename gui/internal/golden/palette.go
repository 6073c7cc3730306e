package golden

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
)

// paletted returns the picture in its 256 most frequent colours, which makes masters half as large. What is drawn in
// rarer ones, the edges of letters, gets the nearest.
func paletted(picture image.Image) *image.Paletted {
	count := map[color.RGBA]int{}
	each(picture, func(_, _ int, c color.RGBA) { count[c]++ })
	often := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(value(a), value(b)))
	})
	palette := make(color.Palette, 0, 256)
	for _, c := range often[:min(len(often), 256)] {
		palette = append(palette, c)
	}
	return in(palette, picture)
}

func value(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

// in returns the picture in the colours of a palette.
func in(palette color.Palette, picture image.Image) *image.Paletted {
	size := picture.Bounds().Size()
	out := image.NewPaletted(image.Rect(0, 0, size.X, size.Y), palette)
	known := map[color.RGBA]uint8{}
	each(picture, func(x, y int, c color.RGBA) {
		i, ok := known[c]
		if !ok {
			i = uint8(palette.Index(c))
			known[c] = i
		}
		out.SetColorIndex(x, y, i)
	})
	return out
}

// each visits all pixels, counted from the picture's corner, without transparency.
func each(picture image.Image, visit func(x, y int, c color.RGBA)) {
	b := picture.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := picture.At(b.Min.X+x, b.Min.Y+y).RGBA()
			visit(x, y, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), 0xff})
		}
	}
}
