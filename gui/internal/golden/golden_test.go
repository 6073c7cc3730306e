package golden

import (
	"image"
	"image/color"
	"testing"
)

// stripes draws more colours than a palette holds, none of them far from the next.
func stripes(shift uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x) + shift, uint8(y) / 2, 128, 255})
		}
	}
	return img
}

func TestAPictureIsLikeItsMaster(t *testing.T) {
	if n := different(paletted(stripes(0)), stripes(0)); n != 0 {
		t.Errorf("%d pixels differ from their own master", n)
	}
}

func TestAnotherPictureIsNot(t *testing.T) {
	if n := different(paletted(stripes(0)), stripes(120)); n < 1000 {
		t.Errorf("only %d pixels differ", n)
	}
	if n := different(paletted(stripes(0)), image.NewNRGBA(image.Rect(0, 0, 10, 10))); n != 100 {
		t.Errorf("%d pixels of a smaller picture differ, want all", n)
	}
}
