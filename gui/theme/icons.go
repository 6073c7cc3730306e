package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"tillkeeper/assets"
)

// Icon names a picture of ours.
type Icon string

// The icons.
const (
	IconPay       Icon = "pay"
	IconRefund    Icon = "refund"
	IconVoid      Icon = "void"
	IconQuery     Icon = "query"
	IconTerminal  Icon = "terminal"
	IconKeypad    Icon = "keypad"
	IconSettings  Icon = "settings"
	IconBackspace Icon = "backspace"
	IconClear     Icon = "clear"
	IconNext      Icon = "next"
	IconBack      Icon = "back"
	IconCase      Icon = "case"
	IconClock     Icon = "clock"
	IconSun       Icon = "sun"
	IconMoon      Icon = "moon"
	IconLanguage  Icon = "language"
	IconAdd       Icon = "add"
	IconRemove    Icon = "remove"
	IconDefault   Icon = "default"
	IconTest      Icon = "test"
	IconRepeat    Icon = "repeat"
	IconDot       Icon = "dot"
	IconInfo      Icon = "info"
	IconCardTap   Icon = "card-tap"

	IconCheck    Icon = "check"
	IconCross    Icon = "cross"
	IconDash     Icon = "dash"
	IconQuestion Icon = "question"
	IconBlocked  Icon = "blocked"

	ShapeCircle   Icon = "shape-circle"
	ShapeOctagon  Icon = "shape-octagon"
	ShapeSquare   Icon = "shape-square"
	ShapeTriangle Icon = "shape-triangle"
	ShapeDiamond  Icon = "shape-diamond"
	ShapeRing     Icon = "shape-ring"
)

// Resource returns the icon in a colour of the theme; it follows when the theme is switched. An icon that is not there
// is a mistake in the program that a test finds; on the screen it is then merely missing.
func (i Icon) Resource(colour fyne.ThemeColorName) fyne.Resource {
	svg, err := assets.Icon(string(i))
	if err != nil {
		return fynetheme.BrokenImageIcon()
	}
	return fynetheme.NewColoredResource(fyne.NewStaticResource(string(i)+".svg", svg), colour)
}

// AppIcon returns the program's own picture.
func AppIcon() fyne.Resource {
	png, err := assets.AppIcon()
	if err != nil {
		return fynetheme.BrokenImageIcon()
	}
	return fyne.NewStaticResource("tillkeeper.png", png)
}
