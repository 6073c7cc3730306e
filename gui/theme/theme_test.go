package theme_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"tillkeeper/assets"
	"tillkeeper/gui/internal/golden"
	"tillkeeper/gui/theme"
)

// pairs are what stands on what, with the contrast WCAG AA asks: 4.5 for words, 3 for signs and large figures.
var pairs = []struct {
	front, back fyne.ThemeColorName
	least       float64
}{
	{theme.ColourText, theme.ColourPage, 4.5},
	{theme.ColourText, theme.ColourSurface, 4.5},
	{theme.ColourText, theme.ColourKey, 4.5},
	{theme.ColourText, theme.ColourSelected, 4.5},
	{theme.ColourText, theme.ColourRail, 4.5},
	{theme.ColourQuiet, theme.ColourPage, 4.5},
	{theme.ColourQuiet, theme.ColourSurface, 4.5},
	{theme.ColourQuiet, theme.ColourRail, 4.5},
	{theme.ColourQuiet, theme.ColourKey, 4.5},
	{theme.ColourPrimary, theme.ColourSurface, 4.5},
	{theme.ColourPrimary, theme.ColourSelected, 4.5},
	{theme.ColourOnPrimary, theme.ColourPrimary, 4.5},
	{theme.ColourOnPaid, theme.ColourPaid, 4.5},
	{theme.ColourOnDeclined, theme.ColourDeclined, 4.5},
	{theme.ColourOnCancelled, theme.ColourCancelled, 4.5},
	{theme.ColourOnUnknown, theme.ColourUnknown, 4.5},
	{theme.ColourOnNotSent, theme.ColourNotSent, 4.5},
	{theme.ColourPaid, theme.ColourPaidTint, 4.5},
	{theme.ColourDeclined, theme.ColourDeclinedTint, 4.5},
	{theme.ColourCancelled, theme.ColourCancelledTint, 4.5},
	{theme.ColourUnknownText, theme.ColourUnknownTint, 4.5},
	{theme.ColourUnknownText, theme.ColourSurface, 4.5},
	{theme.ColourNotSent, theme.ColourNotSentTint, 4.5},
	{theme.ColourText, theme.ColourPaidTint, 4.5},
	{theme.ColourText, theme.ColourDeclinedTint, 4.5},
	{theme.ColourText, theme.ColourUnknownTint, 4.5},
	{theme.ColourText, theme.ColourCancelledTint, 4.5},
	{theme.ColourText, theme.ColourNotSentTint, 4.5},
	{theme.ColourDeclined, theme.ColourSurface, 4.5},
	{theme.ColourPaid, theme.ColourSurface, 3},
	{fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameInputBackground, 4.5},
	{fynetheme.ColorNameInputBorder, theme.ColourSurface, 3},
}

func TestWordsAndSignsStandOutFromWhatLiesBehind(t *testing.T) {
	for _, v := range []theme.Variant{theme.Light, theme.Dark} {
		th := theme.New(v)
		for _, p := range pairs {
			got := contrast(th.Color(p.front, 0), th.Color(p.back, 0))
			if got < p.least {
				t.Errorf("%s: %s on %s has contrast %.2f, want %.1f", v, p.front, p.back, got, p.least)
			}
		}
	}
}

// contrast is the ratio of WCAG 2: (lighter + 0.05) / (darker + 0.05).
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(v uint32) float64 {
	s := float64(v) / 0xffff
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func TestTheSystemsVariantIsNotFollowed(t *testing.T) {
	th := theme.New(theme.Light)
	for _, name := range []fyne.ThemeColorName{theme.ColourPage, fynetheme.ColorYellow} {
		if th.Color(name, fynetheme.VariantDark) != th.Color(name, fynetheme.VariantLight) {
			t.Errorf("%s follows the system", name)
		}
	}
}

func TestSizesGrowWithTheScaleAndNothingIsBlurred(t *testing.T) {
	th := theme.NewScaled(theme.Dark, 1.5)
	if got := th.Size(theme.SizeMain); got != 144 {
		t.Errorf("a main button is %v high at 1.5, want 144", got)
	}
	if got := th.Size(fynetheme.SizeNameModalBlurRadius); got != 0 {
		t.Errorf("blur radius is %v, want 0", got)
	}
}

func TestEveryIconIsEmbeddedAndDrawn(t *testing.T) {
	names, err := assets.Icons()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []theme.Variant{theme.Light, theme.Dark} {
		a := test.NewTempApp(t)
		a.Settings().SetTheme(theme.New(v))
		w := test.NewTempWindow(t, sheet(names))
		w.Resize(fyne.NewSize(640, 300))
		golden.Match(t, "icons-"+string(v), w.Canvas().Capture())
	}
}

// sheet shows all icons side by side, for a person to look at.
func sheet(names []string) fyne.CanvasObject {
	grid := container.NewGridWithColumns(9)
	for _, name := range names {
		img := canvas.NewImageFromResource(theme.Icon(name).Resource(theme.ColourText))
		img.FillMode = canvas.ImageFillContain
		img.SetMinSize(fyne.NewSize(56, 56))
		grid.Add(img)
	}
	return grid
}
