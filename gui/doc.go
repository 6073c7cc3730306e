// Package gui is the window: navigation, dress and language, and the one event pump between the till and the screens.
//
// The pump takes a snapshot and then changes from the till and hands them to the screens on the window's goroutine, many
// changes in one go when the window is slow. Screens never start goroutines: they get a function that runs work
// elsewhere and survives its panics, and one that posts back. So the window never waits for a terminal or a disk.
package gui
