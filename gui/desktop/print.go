package desktop

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// Printer hands plain pages to the system's default print queue. The queue does the
// waiting; Print returns as soon as it has taken the page.
type Printer struct{}

// Print prints lines under a title. The error says that the queue did not take
// them.
func (Printer) Print(title string, lines []string) error {
	name, args := "lp", []string{"-t", title}
	if runtime.GOOS == "windows" {
		name, args = "powershell.exe", []string{"-NoProfile", "-Command", "$input | Out-Printer"}
	}
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(title + "\n\n" + strings.Join(lines, "\n") + "\n")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("print %s: %w %s", title, err, strings.TrimSpace(said.String()))
	}
	return nil
}
