// Package golden compares pictures of screens with masters that somebody looked at. It is for tests only.
//
// Masters lie in testdata/ beside the test. A mismatch writes the new picture to testdata/failed/ for a person to judge;
// TILLKEEPER_GOLDEN=update replaces the masters, and every replaced one is to be looked at before it is committed.
package golden

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// tolerance is how far a colour channel of 255 may be off: rounding differs between processors, designs do not.
const tolerance = 12

// rarest is how far a rare colour may be from the nearest one of the master's palette; a few pixels may be further.
const rarest = 56

// update is the variable that replaces the masters.
const update = "TILLKEEPER_GOLDEN"

// Match fails the test unless the picture equals testdata/<name>.png.
func Match(t testing.TB, name string, picture image.Image) {
	t.Helper()
	master := filepath.Join("testdata", name+".png")
	if os.Getenv(update) == "update" {
		save(t, master, picture)
		return
	}
	want, err := load(master)
	if err != nil {
		failed := keep(t, name, picture)
		t.Errorf("picture %s has no master (%v); the new one is %s", name, err, failed)
		return
	}
	if n := different(want, picture); n != 0 {
		failed := keep(t, name, picture)
		t.Errorf("picture %s differs in %d pixels; compare %s with %s", name, n, failed, master)
	}
}

// NotUnderRace skips a test that only looks at pictures when the race detector is on: drawing one then takes seconds,
// and the same pictures are compared without it.
func NotUnderRace(t testing.TB) {
	t.Helper()
	if racing {
		t.Skip("pictures are compared in the run without the race detector, where drawing is twenty times faster")
	}
}

// different counts the pixels that are not alike; pictures of different size differ in all. The picture is looked at in
// the master's colours, as the master has no others.
func different(master *image.Paletted, picture image.Image) int {
	if master.Bounds().Size() != picture.Bounds().Size() {
		return picture.Bounds().Dx() * picture.Bounds().Dy()
	}
	n, rare := 0, 0
	got := in(master.Palette, picture)
	each(picture, func(x, y int, c color.RGBA) {
		want, nearest := master.At(x, y), got.At(x, y)
		switch {
		case !alike(want, nearest, tolerance):
			n++
		case !alike(want, c, rarest):
			rare++
		}
	})
	if few := picture.Bounds().Dx() * picture.Bounds().Dy() / 2000; rare > few {
		n += rare
	}
	return n
}

func alike(a, b color.Color, by uint32) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	return near(r1, r2, by) && near(g1, g2, by) && near(b1, b2, by)
}

func near(a, b, by uint32) bool {
	if a < b {
		a, b = b, a
	}
	return (a-b)>>8 <= by
}

func keep(t testing.TB, name string, picture image.Image) string {
	t.Helper()
	path := filepath.Join("testdata", "failed", name+".png")
	save(t, path, picture)
	return path
}

func save(t testing.TB, path string, picture image.Image) {
	t.Helper()
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, paletted(picture)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func load(path string) (*image.Paletted, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	master, ok := picture.(*image.Paletted)
	if !ok {
		return nil, errors.New("not a picture of this package: it has no palette")
	}
	return master, nil
}
