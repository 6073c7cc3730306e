package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Child is a simulated terminal in a process of its own, started from this
// program's executable. It ends when its owner does, however that dies.
type Child struct {
	// Address, Settings and Secrets are what a terminal is added with.
	Address  string
	Settings map[string]string
	Secrets  map[string]string

	script io.WriteCloser // the child ends when this is closed
	exited chan struct{}  // closed when the child has ended
	err    error          // how it ended; set before exited is closed
}

// childStart is how long a child has to say where it listens.
const childStart = 10 * time.Second

// StartSimulator runs "simulate args..." in a child process of executable and
// returns when it listens. Close must be called.
func StartSimulator(ctx context.Context, executable string, args ...string) (*Child, error) {
	args = append([]string{"simulate"}, args...)
	process := exec.Command(executable, append(args, "--json", "--until-stdin-closes")...)
	script, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	first := &firstLine{done: make(chan struct{})}
	var complaint bytes.Buffer
	process.Stdout, process.Stderr, process.WaitDelay = first, &complaint, time.Second
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start a simulator: %w", err)
	}
	c := &Child{script: script, exited: make(chan struct{})}
	go func() {
		defer close(c.exited)
		c.err = process.Wait()
	}()
	if err := c.listens(ctx, first); err != nil {
		_ = c.Close() // what it complained about says more
		return nil, fmt.Errorf("start a simulator: %w: %s", err, bytes.TrimSpace(complaint.Bytes()))
	}
	return c, nil
}

// listens waits for the line that says where the child listens.
func (c *Child) listens(ctx context.Context, first *firstLine) error {
	ctx, cancel := context.WithTimeout(ctx, childStart)
	defer cancel()
	select {
	case <-first.done:
	case <-c.exited:
		return errors.New("it ended at once")
	case <-ctx.Done():
		return ctx.Err()
	}
	var said struct {
		Listening string            `json:"listening"`
		Set       map[string]string `json:"set"`
		Secret    map[string]string `json:"secret"`
	}
	if err := json.Unmarshal(first.line, &said); err != nil || said.Listening == "" {
		return errors.New("it does not listen")
	}
	c.Address, c.Settings, c.Secrets = said.Listening, said.Set, said.Secret
	return nil
}

// Script adds a line to the child's script, in its simulator's own form.
func (c *Child) Script(line string) error {
	_, err := io.WriteString(c.script, line+"\n")
	return err
}

// Close ends the child and waits for it. It may be called twice.
func (c *Child) Close() error {
	_ = c.script.Close() // fails only when it was closed before
	<-c.exited
	return c.err
}

// firstLine keeps the first line written to it and drops the rest.
type firstLine struct {
	line []byte
	done chan struct{} // closed when line is complete
	full bool
}

// Write takes text from the child; it is never called twice at a time.
func (f *firstLine) Write(p []byte) (int, error) {
	if f.full {
		return len(p), nil
	}
	line, _, ended := bytes.Cut(p, []byte("\n"))
	f.line = append(f.line, line...)
	if ended {
		f.full = true
		close(f.done)
	}
	return len(p), nil
}
