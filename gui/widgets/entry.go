package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Entry is a field to type into that lets go of the keys a till needs everywhere: Enter, Escape and the function keys,
// which Fyne's own field swallows.
type Entry struct {
	widget.Entry
	// OnKey hears of those keys. A nil one loses them.
	OnKey func(*fyne.KeyEvent)
	// OnFocus is called when the field gets the keys, nil for nothing.
	OnFocus func()
	// Label is what the field is called for people who cannot see it.
	Label string
}

// NewEntry returns a field with words to show while it is empty.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

// NewSecretEntry returns a field that shows dots in place of what is typed, until its eye is tapped.
func NewSecretEntry(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	return e
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus()
	}
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if forwarded(key.Name) {
		if e.OnKey != nil {
			e.OnKey(key)
		}
		return
	}
	e.Entry.TypedKey(key)
}

// MinSize implements fyne.CanvasObject; a field is no smaller than a finger.
func (e *Entry) MinSize() fyne.Size {
	m := e.Entry.MinSize()
	return fyne.NewSize(max(m.Width, 2*size(theme.SizeMain)), max(m.Height, size(theme.SizeTarget)))
}

// AccessibilityLabel implements fyne.Accessible.
func (e *Entry) AccessibilityLabel() string { return e.Label }

// AccessibilityRole implements fyne.Accessible.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func forwarded(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape,
		fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		return true
	}
	return false
}
