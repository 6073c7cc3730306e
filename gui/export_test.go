package gui

import "tillkeeper/payment/till"

// Take hands events to the screens as the pump does.
func (w *Window) Take(batch ...till.Event) { w.take(batch) }
