// Package theme is the look of the window: colours, sizes made for fingers, icons. It is one design language in a light
// and a dark dress. It never follows the system's variant: a till must look the same after every update of the system.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Variant is one of the two dresses.
type Variant string

// The variants, by the words they are remembered with.
const (
	Light Variant = "light"
	Dark  Variant = "dark"
)

// ParseVariant turns a remembered word back into a variant; anything unknown is light.
func ParseVariant(word string) Variant {
	if Variant(word) == Dark {
		return Dark
	}
	return Light
}

// Other returns the other dress.
func (v Variant) Other() Variant {
	if v == Dark {
		return Light
	}
	return Dark
}

// Theme is a fyne.Theme of fixed variant and scale. It is a value: to switch, hand another one to the app's settings.
type Theme struct {
	variant Variant
	scale   float32
	colours palette
	sizes   map[fyne.ThemeSizeName]float32
}

var _ fyne.Theme = (*Theme)(nil)

// New returns the theme of a variant at the scale for which the sizes are made.
func New(v Variant) *Theme {
	return NewScaled(v, 1)
}

// NewScaled returns the theme with every size multiplied, for windows much larger than the smallest screen we serve.
func NewScaled(v Variant, scale float32) *Theme {
	t := &Theme{variant: v, scale: scale, colours: light(), sizes: touchSizes()}
	if v == Dark {
		t.colours = dark()
	}
	return t
}

// Variant tells which dress it is.
func (t *Theme) Variant() Variant { return t.variant }

// Scale tells by how much the sizes are multiplied.
func (t *Theme) Scale() float32 { return t.scale }

// Color implements fyne.Theme. The variant asked for is the system's and is not followed.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := t.colours[name]; ok {
		return c
	}
	variant := fynetheme.VariantLight
	if t.variant == Dark {
		variant = fynetheme.VariantDark
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

// Font implements fyne.Theme.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	return fynetheme.DefaultTheme().Font(style)
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := fixedSize(name); ok {
		return s
	}
	if s, ok := t.sizes[name]; ok {
		return s * t.scale
	}
	return fynetheme.DefaultTheme().Size(name) * t.scale
}
