package theme

import (
	"math"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Sizes of our own, in Fyne's units: 120 of them are an inch, so 96 are 20 mm and 48 are 10 mm.
const (
	SizeMain        fyne.ThemeSizeName = "tillkeeper-main"             // height of the four main buttons: 20 mm
	SizeButton      fyne.ThemeSizeName = "tillkeeper-button"           // height of an ordinary button
	SizeTarget      fyne.ThemeSizeName = "tillkeeper-target"           // least height of anything that can be tapped: 10 mm
	SizeKey         fyne.ThemeSizeName = "tillkeeper-key"              // least height of a key of the keypad
	SizeRail        fyne.ThemeSizeName = "tillkeeper-rail"             // width of the navigation
	SizeGap         fyne.ThemeSizeName = "tillkeeper-gap"              // between neighbours
	SizeSmallGap    fyne.ThemeSizeName = "tillkeeper-small-gap"        // between things that belong together
	SizeMargin      fyne.ThemeSizeName = "tillkeeper-margin"           // around a screen, inside a card
	SizeRadius      fyne.ThemeSizeName = "tillkeeper-radius"           // corners
	SizeNone        fyne.ThemeSizeName = "tillkeeper-none"             // nothing
	SizeHair        fyne.ThemeSizeName = "tillkeeper-hair"             // the least gap there is
	SizeField       fyne.ThemeSizeName = "tillkeeper-field"            // height of a field to type into
	SizeRow         fyne.ThemeSizeName = "tillkeeper-row"              // figures in a list
	SizeSubtitle    fyne.ThemeSizeName = "tillkeeper-subtitle"         // sentences of a result
	SizeFigure      fyne.ThemeSizeName = "tillkeeper-figure"           // the amount, when it has room
	SizeResult      fyne.ThemeSizeName = "tillkeeper-result"           // the one word of a result
	SizeShortResult fyne.ThemeSizeName = "tillkeeper-short-result"     // the same, when it is really one word
	SizeElapsed     fyne.ThemeSizeName = "tillkeeper-elapsed"          // the time an order takes
	SizeTitle       fyne.ThemeSizeName = "tillkeeper-title"            // head of a card or dialog
	SizeAction      fyne.ThemeSizeName = "tillkeeper-action"           // word on the main button
	SizeText                           = fynetheme.SizeNameText        // sentences
	SizeCaption                        = fynetheme.SizeNameCaptionText // ages, hints
	SizeBadge       fyne.ThemeSizeName = "tillkeeper-badge"            // sign of a result
	SizeIcon        fyne.ThemeSizeName = "tillkeeper-icon"             // icons in buttons and rows
	SizeLargeIcon   fyne.ThemeSizeName = "tillkeeper-large-icon"       // icons of main buttons
	SizeLamp        fyne.ThemeSizeName = "tillkeeper-lamp"             // traffic light
	SizeChoice      fyne.ThemeSizeName = "tillkeeper-choice"           // width of buttons that stand in a column
	SizeDialogWidth fyne.ThemeSizeName = "tillkeeper-dialog-width"     // of the dialogs
	SizeDialogWide  fyne.ThemeSizeName = "tillkeeper-dialog-wide"      // of the dialogs that need more
	SizeBanner      fyne.ThemeSizeName = "tillkeeper-banner"           // height of the demo banner
)

// fixedSize gives the sizes that no scale may change.
func fixedSize(name fyne.ThemeSizeName) (float32, bool) {
	switch name {
	case fynetheme.SizeNameModalBlurRadius:
		return 0, true // blurring what lies behind a dialog is slow without a GPU
	case fynetheme.SizeNameWindowButtonRadius:
		return math.MaxFloat32, true
	default:
		return 0, false
	}
}

// touchSizes are the sizes made for fingers, at scale 1.
func touchSizes() map[fyne.ThemeSizeName]float32 {
	return map[fyne.ThemeSizeName]float32{
		SizeMain:        96,
		SizeButton:      64,
		SizeTarget:      48,
		SizeKey:         72,
		SizeRail:        92,
		SizeGap:         12,
		SizeSmallGap:    6,
		SizeMargin:      16,
		SizeRadius:      12,
		SizeNone:        0,
		SizeHair:        2,
		SizeField:       56,
		SizeRow:         20,
		SizeSubtitle:    22,
		SizeFigure:      72,
		SizeResult:      34,
		SizeShortResult: 54,
		SizeElapsed:     38,
		SizeTitle:       24,
		SizeAction:      32,
		SizeBadge:       88,
		SizeIcon:        26,
		SizeLargeIcon:   36,
		SizeLamp:        20,
		SizeChoice:      256,
		SizeDialogWidth: 620,
		SizeDialogWide:  900,
		SizeBanner:      28,

		SizeText:                          18,
		SizeCaption:                       15,
		fynetheme.SizeNameHeadingText:     28,
		fynetheme.SizeNameSubHeadingText:  22,
		fynetheme.SizeNameInlineIcon:      28,
		fynetheme.SizeNamePadding:         6,
		fynetheme.SizeNameInnerPadding:    14,
		fynetheme.SizeNameLineSpacing:     6,
		fynetheme.SizeNameScrollBar:       24,
		fynetheme.SizeNameScrollBarSmall:  12,
		fynetheme.SizeNameInputRadius:     10,
		fynetheme.SizeNameInputBorder:     2,
		fynetheme.SizeNameButtonRadius:    12,
		fynetheme.SizeNameCardRadius:      12,
		fynetheme.SizeNameDialogRadius:    16,
		fynetheme.SizeNamePopupRadius:     12,
		fynetheme.SizeNameScrollBarRadius: 6,
	}
}
