// Package pay is the Pay screen: from the keypad to a result that cannot be misread.
//
// model.go and its neighbours know no Fyne: Model holds what is typed, what runs and what came of it, and decides what a
// key may do at the moment. view.go shows the model and hands taps and keys to it.
package pay
