// Package terminals is the screen where a person adds, changes, tests and removes terminals of any protocol.
//
// model.go is the screen, editor.go and check.go are the form of one terminal; they know no Fyne and no protocol by name.
// view.go and card.go show the list, form.go, field.go and secret.go the form.
package terminals
