package message

import (
	"time"

	"tillkeeper/payment"
)

// Light is what a terminal's traffic light says.
type Light string

// The lights.
const (
	LightGreen Light = "green"
	LightAmber Light = "amber"
	LightRed   Light = "red"
)

// LightOf returns the traffic light of a terminal with such a link; problem is why it cannot be used at all, or nil.
func LightOf(link payment.LinkState, problem error) Light {
	switch {
	case problem != nil:
		return LightRed
	case link.Up:
		return LightGreen
	case link.Tried:
		return LightRed
	default:
		return LightAmber
	}
}

// Link says how the way to a terminal is and when it was last heard.
func (c *Catalogue) Link(link payment.LinkState, problem error, now time.Time) string {
	state := ChipTrying
	switch {
	case problem != nil:
		state = ChipProblem
	case link.Up:
		state = ChipReady
	case link.Tried:
		state = ChipLost
	}
	if link.Alive.IsZero() {
		return c.Text(state)
	}
	return c.Text(ChipSeen, "State", c.Text(state), "Age", c.Age(now.Sub(link.Alive)))
}
