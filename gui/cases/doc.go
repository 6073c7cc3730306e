// Package cases is the Cases screen: the file of every order of which it was not known, at least for a while, what
// happened to the money. It shows what was said and when, what that proves, and the one safe next step; from here staff
// asks again, decides with a proof, or prints the file.
//
// model.go knows no Fyne. What a case is and what follows from it is payment.CaseOf's to say; the words are in
// gui/message.
package cases
