package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Colours of our own, beside those every Fyne theme has. A state has three: its mark (badges, lamps, large words), a
// quiet tint to put behind text, and a colour for what stands on the mark.
const (
	ColourSurface   fyne.ThemeColorName = "tillkeeper-surface"
	ColourKey       fyne.ThemeColorName = "tillkeeper-key"
	ColourKeyDown   fyne.ThemeColorName = "tillkeeper-key-down"
	ColourLine      fyne.ThemeColorName = "tillkeeper-line"
	ColourQuiet     fyne.ThemeColorName = "tillkeeper-quiet"
	ColourFaint     fyne.ThemeColorName = "tillkeeper-faint"
	ColourPrimary                       = fynetheme.ColorNamePrimary
	ColourOnPrimary                     = fynetheme.ColorNameForegroundOnPrimary
	ColourText                          = fynetheme.ColorNameForeground
	ColourPage                          = fynetheme.ColorNameBackground
	ColourScrim     fyne.ThemeColorName = "tillkeeper-scrim"
	ColourRail      fyne.ThemeColorName = "tillkeeper-rail"
	ColourSelected  fyne.ThemeColorName = "tillkeeper-selected"

	ColourPaid          fyne.ThemeColorName = "tillkeeper-paid"
	ColourPaidTint      fyne.ThemeColorName = "tillkeeper-paid-tint"
	ColourOnPaid        fyne.ThemeColorName = "tillkeeper-on-paid"
	ColourDeclined      fyne.ThemeColorName = "tillkeeper-declined"
	ColourDeclinedTint  fyne.ThemeColorName = "tillkeeper-declined-tint"
	ColourOnDeclined    fyne.ThemeColorName = "tillkeeper-on-declined"
	ColourCancelled     fyne.ThemeColorName = "tillkeeper-cancelled"
	ColourCancelledTint fyne.ThemeColorName = "tillkeeper-cancelled-tint"
	ColourOnCancelled   fyne.ThemeColorName = "tillkeeper-on-cancelled"
	ColourUnknown       fyne.ThemeColorName = "tillkeeper-unknown"
	ColourUnknownTint   fyne.ThemeColorName = "tillkeeper-unknown-tint"
	ColourUnknownText   fyne.ThemeColorName = "tillkeeper-unknown-text"
	ColourOnUnknown     fyne.ThemeColorName = "tillkeeper-on-unknown"
	ColourNotSent       fyne.ThemeColorName = "tillkeeper-not-sent"
	ColourNotSentTint   fyne.ThemeColorName = "tillkeeper-not-sent-tint"
	ColourOnNotSent     fyne.ThemeColorName = "tillkeeper-on-not-sent"
)

type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, alpha uint8) color.NRGBA {
	c := rgb(v)
	c.A = alpha
	return c
}

func light() palette {
	return palette{
		ColourPage:      rgb(0xf1f3f6),
		ColourSurface:   rgb(0xffffff),
		ColourRail:      rgb(0xe6eaf0),
		ColourKey:       rgb(0xffffff),
		ColourKeyDown:   rgb(0xdbe4f5),
		ColourLine:      rgb(0xd3d9e2),
		ColourText:      rgb(0x18212d),
		ColourQuiet:     rgb(0x505c6b),
		ColourFaint:     rgb(0x98a2af),
		ColourPrimary:   rgb(0x2150b8),
		ColourOnPrimary: rgb(0xffffff),
		ColourScrim:     rgba(0x131a24, 0x8c),
		ColourSelected:  rgb(0xd6e1f8),

		ColourPaid:          rgb(0x177a3c),
		ColourPaidTint:      rgb(0xe0f3e6),
		ColourOnPaid:        rgb(0xffffff),
		ColourDeclined:      rgb(0xb42318),
		ColourDeclinedTint:  rgb(0xfbe7e5),
		ColourOnDeclined:    rgb(0xffffff),
		ColourCancelled:     rgb(0x56616f),
		ColourCancelledTint: rgb(0xe9ecf0),
		ColourOnCancelled:   rgb(0xffffff),
		ColourUnknown:       rgb(0xf5ac00),
		ColourUnknownTint:   rgb(0xfff0cf),
		ColourUnknownText:   rgb(0x7a4a00),
		ColourOnUnknown:     rgb(0x2a1c00),
		ColourNotSent:       rgb(0x5b4bb0),
		ColourNotSentTint:   rgb(0xece9f9),
		ColourOnNotSent:     rgb(0xffffff),

		fynetheme.ColorNameButton:              rgb(0xffffff),
		fynetheme.ColorNameDisabled:            rgb(0x98a2af),
		fynetheme.ColorNameDisabledButton:      rgb(0xe4e8ee),
		fynetheme.ColorNameError:               rgb(0xb42318),
		fynetheme.ColorNameFocus:               rgba(0x2150b8, 0x50),
		fynetheme.ColorNameForegroundOnError:   rgb(0xffffff),
		fynetheme.ColorNameForegroundOnSuccess: rgb(0xffffff),
		fynetheme.ColorNameForegroundOnWarning: rgb(0x2a1c00),
		fynetheme.ColorNameHover:               rgba(0x2150b8, 0x12),
		fynetheme.ColorNameInputBackground:     rgb(0xffffff),
		fynetheme.ColorNameInputBorder:         rgb(0x8591a1),
		fynetheme.ColorNameMenuBackground:      rgb(0xffffff),
		fynetheme.ColorNameOverlayBackground:   rgb(0xffffff),
		fynetheme.ColorNamePlaceHolder:         rgb(0x697585),
		fynetheme.ColorNamePressed:             rgba(0x2150b8, 0x26),
		fynetheme.ColorNameScrollBar:           rgb(0x8b96a5),
		fynetheme.ColorNameScrollBarBackground: rgba(0x8b96a5, 0x28),
		fynetheme.ColorNameSelection:           rgb(0xc9d9f8),
		fynetheme.ColorNameSeparator:           rgb(0xd3d9e2),
		fynetheme.ColorNameShadow:              rgba(0x131a24, 0x30),
		fynetheme.ColorNameSuccess:             rgb(0x177a3c),
		fynetheme.ColorNameWarning:             rgb(0xf5ac00),
		fynetheme.ColorNameHyperlink:           rgb(0x2150b8),
		fynetheme.ColorNameHeaderBackground:    rgb(0xe6eaf0),
	}
}

func dark() palette {
	return palette{
		ColourPage:      rgb(0x11161d),
		ColourSurface:   rgb(0x1b222c),
		ColourRail:      rgb(0x0b0f14),
		ColourKey:       rgb(0x262f3b),
		ColourKeyDown:   rgb(0x3a4a66),
		ColourLine:      rgb(0x36414f),
		ColourText:      rgb(0xeef2f7),
		ColourQuiet:     rgb(0xaeb9c6),
		ColourFaint:     rgb(0x687585),
		ColourPrimary:   rgb(0x86adff),
		ColourOnPrimary: rgb(0x08173a),
		ColourScrim:     rgba(0x000000, 0xa6),
		ColourSelected:  rgb(0x243554),

		ColourPaid:          rgb(0x66cf88),
		ColourPaidTint:      rgb(0x143222),
		ColourOnPaid:        rgb(0x06210f),
		ColourDeclined:      rgb(0xff8c82),
		ColourDeclinedTint:  rgb(0x3d1d1b),
		ColourOnDeclined:    rgb(0x330605),
		ColourCancelled:     rgb(0xb3bdc9),
		ColourCancelledTint: rgb(0x2a323d),
		ColourOnCancelled:   rgb(0x161c24),
		ColourUnknown:       rgb(0xffbf3f),
		ColourUnknownTint:   rgb(0x3b2c0b),
		ColourUnknownText:   rgb(0xffcf70),
		ColourOnUnknown:     rgb(0x2a1c00),
		ColourNotSent:       rgb(0xb8adff),
		ColourNotSentTint:   rgb(0x29244d),
		ColourOnNotSent:     rgb(0x171040),

		fynetheme.ColorNameButton:              rgb(0x262f3b),
		fynetheme.ColorNameDisabled:            rgb(0x687585),
		fynetheme.ColorNameDisabledButton:      rgb(0x1f2731),
		fynetheme.ColorNameError:               rgb(0xff8c82),
		fynetheme.ColorNameFocus:               rgba(0x86adff, 0x60),
		fynetheme.ColorNameForegroundOnError:   rgb(0x330605),
		fynetheme.ColorNameForegroundOnSuccess: rgb(0x06210f),
		fynetheme.ColorNameForegroundOnWarning: rgb(0x2a1c00),
		fynetheme.ColorNameHover:               rgba(0x86adff, 0x1c),
		fynetheme.ColorNameInputBackground:     rgb(0x141a22),
		fynetheme.ColorNameInputBorder:         rgb(0x76838f),
		fynetheme.ColorNameMenuBackground:      rgb(0x1b222c),
		fynetheme.ColorNameOverlayBackground:   rgb(0x1b222c),
		fynetheme.ColorNamePlaceHolder:         rgb(0x8d99a7),
		fynetheme.ColorNamePressed:             rgba(0x86adff, 0x33),
		fynetheme.ColorNameScrollBar:           rgb(0x76838f),
		fynetheme.ColorNameScrollBarBackground: rgba(0x76838f, 0x28),
		fynetheme.ColorNameSelection:           rgb(0x2c4473),
		fynetheme.ColorNameSeparator:           rgb(0x36414f),
		fynetheme.ColorNameShadow:              rgba(0x000000, 0x60),
		fynetheme.ColorNameSuccess:             rgb(0x66cf88),
		fynetheme.ColorNameWarning:             rgb(0xffbf3f),
		fynetheme.ColorNameHyperlink:           rgb(0x86adff),
		fynetheme.ColorNameHeaderBackground:    rgb(0x0b0f14),
	}
}
