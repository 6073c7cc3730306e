//go:build race

package golden

// racing reports whether the race detector is on.
const racing = true
