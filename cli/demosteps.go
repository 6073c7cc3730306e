package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"tillkeeper/payment"
)

// demoRun returns what to tell people, or what is not as it must be.
type demoRun = func(ctx context.Context, d *demo) (string, error)

// demoStep is one line of the demo.
type demoStep struct {
	name string
	run  demoRun
}

func demoAdd(ctx context.Context, d *demo) (string, error) {
	args, err := d.add()
	if err != nil {
		return "", err
	}
	return "it listens at " + d.terminal.Address, d.run(ctx, args...).must(exitDone, "")
}

func demoTest(ctx context.Context, d *demo) (string, error) {
	return "it answers, and no money was moved", d.run(ctx, "terminal", "test", "Counter").must(exitDone, "")
}

func demoPay(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "pay", "12.50")
	d.paid = got.Order
	return got.Message, got.must(exitDone, "approved")
}

func demoSale(amount string, code int, status payment.Status) func(context.Context, *demo) (string, error) {
	return func(ctx context.Context, d *demo) (string, error) {
		got := d.run(ctx, "pay", amount)
		return got.Message, got.must(code, string(status))
	}
}

func demoRefund(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "refund", d.paid, "5.00", "--reason", "one cup was cold")
	return got.Message, got.must(exitDone, "approved")
}

func demoRefundTooMuch(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "refund", d.paid, "10.00")
	return "refused, nothing was sent: " + got.Message, got.must(exitRefused, "")
}

func demoVoid(ctx context.Context, d *demo) (string, error) {
	sale := d.run(ctx, "pay", "20.00")
	if err := sale.must(exitDone, "approved"); err != nil {
		return "", err
	}
	got := d.run(ctx, "void", sale.Order, "--reason", "wrong table")
	if d.noVoid {
		return "refused, nothing was sent: " + got.Message, got.must(exitRefused, "")
	}
	return got.Message, got.must(exitDone, "approved")
}

func demoQuery(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "query", d.paid)
	return got.Message, got.must(exitDone, "partly-refunded")
}

func demoLose(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "pay", "33.00", "--timeout", "1s")
	d.lost = got.Order
	return got.Message, got.must(exitUnknown, "unknown")
}

func demoBlocked(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "pay", "33.00")
	if got.Order != "" {
		return "", errors.New("a second order was made")
	}
	return "refused, nothing was sent: " + got.Message, got.must(exitRefused, "")
}

func demoRecover(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "recover", "--for", "15s")
	if got.Order != d.lost {
		return "", fmt.Errorf("order %s was not recovered", d.lost)
	}
	return "the terminal says: " + got.Message, got.must(exitDone, "approved")
}

// demoDecide settles an order that nobody can ask about, as staff do who look at the
// terminal.
func demoDecide(ctx context.Context, d *demo) (string, error) {
	if got := d.run(ctx, "recover"); got.code != exitUnknown {
		return "", got.must(exitUnknown, "unknown")
	}
	got := d.run(ctx, "decide", d.lost, "paid", "--reason", "the terminal shows it as paid", "--proof", "the terminal's list")
	return "it cannot be asked about, so staff looked at the terminal: " + got.Message, got.must(exitDone, string(payment.StatusDecidedPaid))
}

func demoBatch(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "day", "batch", "--terminal", "Counter")
	return got.Message, got.must(exitDone, "")
}

// demoKill pays in a process of its own and kills it when the card is charged and
// nobody but the terminal knows.
func demoKill(ctx context.Context, d *demo) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, childStart)
	defer cancel()
	before, err := d.booked()
	if err != nil {
		return "", err
	}
	payer := exec.CommandContext(ctx, d.executable, "pay", "41.00", "--json", "--data", d.data())
	if err := payer.Start(); err != nil {
		return "", err
	}
	err = d.awaitCharge(ctx, len(before)+1)
	if err := payer.Process.Kill(); err != nil {
		return "", err
	}
	// How it ended is no news: it was killed.
	_ = payer.Wait()
	return "the card was charged, and the till had no time to hear of it", err
}

func demoRecoverCrash(ctx context.Context, d *demo) (string, error) {
	got := d.run(ctx, "recover", "--for", "15s")
	if got.Total != "41.00" {
		return "", errors.New("the order of the killed program was not found")
	}
	return "the terminal says: " + got.Message, got.must(exitDone, "approved")
}

// demoCompare finds every charge in the journal, and every order that moved money
// among the charges.
func demoCompare(ctx context.Context, d *demo) (string, error) {
	charges, err := d.booked()
	if err != nil {
		return "", err
	}
	got := d.run(ctx, "orders", "--limit", "1000")
	if err := got.must(exitDone, ""); err != nil {
		return "", err
	}
	booked := map[Charge]int{}
	for _, c := range charges {
		booked[c]++
	}
	for _, o := range got.all {
		if o.Status.Open() {
			return "", fmt.Errorf("order %s is still %s", o.Order, o.Status)
		}
		if o.Status.Moved() {
			booked[Charge{o.Order, string(o.Operation), o.Total, string(o.Currency)}]--
		}
	}
	for c, n := range booked {
		if n != 0 {
			return "", fmt.Errorf("%s of %s %s under order %s: %+d at the terminal against the journal", c.Operation, c.Amount, c.Currency, c.Order, n)
		}
	}
	return fmt.Sprintf("%d movements of money, the same in both; %d orders, none open", len(charges), len(got.all)), nil
}

// booked reads the terminal's own list of charges.
func (d *demo) booked() (charges []Charge, err error) {
	text, err := os.ReadFile(d.charges())
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		var c Charge
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, err
		}
		charges = append(charges, c)
	}
	return charges, nil
}

// awaitCharge looks at the list of charges until it has n lines.
func (d *demo) awaitCharge(ctx context.Context, n int) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		text, err := os.ReadFile(d.charges())
		if err != nil {
			return err
		}
		if strings.Count(string(text), "\n") >= n {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return errors.New("the terminal did not charge the card")
		}
	}
}
