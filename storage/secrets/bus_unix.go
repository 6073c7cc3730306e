//go:build !windows && !darwin

package secrets

import (
	"errors"
	"fmt"
	"os"
)

// sessionBus reports why there is no session bus, on which the key store would be.
// Without this look the library starts a bus of its own, with nobody on it, and
// leaves it behind.
func sessionBus() error {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return nil
	}
	for _, name := range []string{"bus", "dbus-session"} {
		if exists(fmt.Sprintf("/run/user/%d/%s", os.Getuid(), name)) {
			return nil
		}
	}
	return errors.New("this session has no message bus")
}
