package widgets

import "time"

// held is how long after one Enter another counts as the same press: longer than the pause before a held key repeats
// (two thirds of a second on X11, half a second on Windows), and than a nervous double press.
const held = 900 * time.Millisecond

// Guard tells a fresh Enter from one that is held down or pressed twice.
type Guard struct {
	Now  func() time.Time
	last time.Time
}

// Enter reports whether this Enter is a fresh press. Each repeat prolongs the wait, so a key held down never counts again.
func (g *Guard) Enter() bool {
	now := g.Now()
	fresh := g.last.IsZero() || now.Sub(g.last) >= held
	g.last = now
	return fresh
}

// Other notes that another key was pressed, which ends the repeating of Enter.
func (g *Guard) Other() { g.last = time.Time{} }
