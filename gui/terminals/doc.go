// Package terminals is the screen where a person adds, tests and removes terminals.
//
// model.go knows no Fyne; view.go shows it.
package terminals
