package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"

	"tillkeeper/payment"
)

// output is the one place that writes. Progress is told while a command waits, so
// it may be used from several goroutines.
type output struct {
	mu             sync.Mutex
	stdout, stderr io.Writer
	json           bool
}

// object prints one JSON object on a line of its own. A reader that went away is no
// reason to stop: the journal knows.
func (o *output) object(v any) {
	line, err := json.Marshal(v)
	if err != nil {
		o.note("%v", err)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = o.stdout.Write(append(line, '\n'))
}

// say prints people's words on stdout; with --json it is silent.
func (o *output) say(format string, args ...any) {
	if o.json {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = fmt.Fprintf(o.stdout, format+"\n", args...)
}

// note prints people's words on stderr.
func (o *output) note(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = fmt.Fprintf(o.stderr, format+"\n", args...)
}

// end drops whatever is still said by work that nobody waits for any more.
func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stdout, o.stderr = io.Discard, io.Discard
}

// event tells of progress: words on stderr, with --json also a line on stdout.
func (o *output) event(e eventJSON) {
	if o.json {
		o.object(e)
	}
	o.note("%s", e.Message)
}

// order prints the order that a command is about. err is why the command failed all
// the same, nil where it did not.
func (o *output) order(r payment.Record, err error) {
	if o.json {
		j := toJSON(r)
		if err != nil {
			j.Error = payment.CodeOf(err)
			j.Message = told(err) + " " + j.Message
		}
		o.object(j)
	} else {
		o.block(r)
	}
	if err != nil {
		o.note("%s", told(err))
	}
}

// block prints an order as people read it: what happened, the money, what to do.
func (o *output) block(r payment.Record) {
	w := describe(r.Order, r.Apparent())
	o.say("%s", w.happened)
	o.say("%s", w.money)
	if d := detail(r); d != "" {
		o.say("%s", d)
	}
	o.say("%s", w.next)
}

// failure tells why there is no order: what is wrong and what to do next.
func (o *output) failure(err error) {
	code, next := payment.CodeOf(err), nextAfter(err)
	message := told(err)
	if o.json {
		o.object(errorJSON{Error: code, Message: message, Next: next, About: inTheWay(err)})
	}
	o.note("%s", message)
	if next != "" {
		o.note("%s", next)
	}
}

// told is what an error says to people: plain words first, the technician's after.
func told(err error) string {
	detail := sentence(payment.Mask(err.Error()))
	switch payment.CodeOf(err) {
	case payment.CodeInternal:
		return "An unexpected failure. This command moved no money. " + detail
	case payment.CodeNotReached:
		return "Terminal not reached, nothing sent. (" + strings.TrimSuffix(detail, ".") + ")"
	}
	return detail
}
