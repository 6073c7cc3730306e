// Package cli is the command line: a second, thin face over the same till, the same
// journal and the same rules as the window. Technicians, scripts and other software
// in the shop rely on its commands, exit codes and JSON members, so names may be
// added and never changed.
//
// Run is the whole of it. The program hands in what the commands stand on (how to
// open a data folder, a window, simulators) as a Program, so that this package
// knows no storage, no driver and no toolkit.
//
// How it talks to people: the first line says what happened, the second what
// happened to the money, the third what to do. Results go to stdout; warnings,
// progress and errors to stderr. With --json, stdout has one JSON object per line
// and nothing else, and the last line of a command that moves money is the order it
// made. The words are in words.go, the exit codes in exit.go, and the JSON members
// in json.go.
package cli
