//go:build windows || darwin

package secrets

// sessionBus reports nothing: the key store of these systems needs no bus.
func sessionBus() error { return nil }
