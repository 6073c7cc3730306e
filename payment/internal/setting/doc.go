// Package setting reads what a driver is opened with: the settings of a terminal,
// which are text, and the environment that the program lends. Which settings a
// protocol has stands in its own settings.go; here is only what they have in common.
package setting
