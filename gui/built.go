//go:build !ci

package gui

// Built reports whether this program was built with a window: without the tag "ci".
const Built = true
