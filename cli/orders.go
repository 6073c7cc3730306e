package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

// statuses are the words that --status takes.
var statuses = []payment.Status{
	payment.StatusCreated, payment.StatusSent, payment.StatusWaiting, payment.StatusProcessing,
	payment.StatusApproved, payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired,
	payment.StatusNotSent, payment.StatusUnknown, payment.StatusVoided, payment.StatusPartlyRefunded,
	payment.StatusRefunded, payment.StatusDecidedPaid, payment.StatusDecidedNotPaid,
}

// selection is what the flags of the history say.
type selection struct {
	since, until, status, search string
	limit                        int
}

func (a *app) ordersCommand() *cobra.Command {
	var c selection
	cmd := &cobra.Command{
		Use:               "orders [ORDER]",
		Short:             "The history; of one order with all its entries",
		ValidArgsFunction: a.completeOrders,
	}
	f := cmd.Flags()
	const form = `: a date, RFC 3339, "today", "yesterday", or how long ago, such as 2h or 3d`
	f.StringVar(&c.since, "since", "", "only orders from this `TIME` on"+form)
	f.StringVar(&c.until, "until", "", "only orders before this `TIME`; a day counts as a whole"+form)
	f.StringVar(&c.status, "status", "", "only orders of this status")
	f.StringVar(&c.search, "search", "", "number, note, last four digits or sum")
	f.IntVar(&c.limit, "limit", 100, "how many at most")
	_ = cmd.RegisterFlagCompletionFunc("status", completeStatuses)
	return a.command(cmd, cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		filter, err := c.filter(a.program.Now())
		if err != nil {
			return err
		}
		return a.with(ctx, func(s *Session) error {
			if len(args) == 1 {
				r, err := s.Till.Order(ctx, args[0])
				if err == nil {
					a.story(ctx, s, r)
				}
				return err
			}
			list, err := s.Till.Orders(ctx, filter)
			if err == nil {
				a.list(list)
			}
			return err
		})
	})
}

func (c selection) filter(now time.Time) (f payment.Filter, err error) {
	if c.limit < 1 {
		return f, usage("--limit must be 1 or more")
	}
	if c.status != "" && !slices.Contains(statuses, payment.Status(c.status)) {
		return f, usage("%q is no status; there are %s", payment.Mask(c.status), joined(statuses))
	}
	f.Status, f.Search, f.Limit = payment.Status(c.status), c.search, c.limit
	if f.Since, err = moment("--since", c.since, now, false); err != nil {
		return f, err
	}
	f.Until, err = moment("--until", c.until, now, true)
	return f, err
}

func joined[T ~string](words []T) string {
	all := make([]string, 0, len(words))
	for _, w := range words {
		all = append(all, string(w))
	}
	return strings.Join(all, ", ")
}

// list prints orders, a line each.
func (a *app) list(records []payment.Record) {
	if a.out.json {
		for _, r := range records {
			a.out.object(toJSON(r))
		}
		return
	}
	if len(records) == 0 {
		a.out.say("No orders.")
		return
	}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TIME\tORDER\tOPERATION\tTOTAL\tSTATUS\tTERMINAL\tCARD")
	for _, r := range records {
		s := r.Apparent()
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Order.Created.Local().Format("2006-01-02 15:04:05"),
			r.Order.Number, r.Order.Operation, sumsOf(r.Order, s).Total(), s.Status, r.Order.TerminalName,
			strings.TrimSpace(s.Facts.Brand+" "+stars(s.Facts.Card)))
	}
	_ = table.Flush() // a Builder takes everything
	for line := range strings.Lines(b.String()) {
		a.out.say("%s", strings.TrimRight(line, " \n"))
	}
}

// story prints one order with all its entries.
func (a *app) story(ctx context.Context, s *Session, r payment.Record) {
	file, doubted := s.Till.CaseOf(ctx, r)
	if a.out.json {
		j := toJSON(r)
		j.Entries = toEntries(r.Entries)
		if doubted {
			j.Case = toCaseJSON(file)
		}
		a.out.object(j)
		return
	}
	a.out.block(r)
	if doubted {
		for _, line := range caseWords(file) {
			a.out.say("%s", line)
		}
	}
	for _, e := range r.Entries {
		a.out.say("  %s  %-9s %s", e.Time.Local().Format("2006-01-02 15:04:05.000"), e.Source, entryWords(e))
	}
	for _, f := range r.FollowUps {
		a.out.say("  %s %s over %s: %s", f.Operation, f.Number, f.Amounts.Total(), f.Status)
	}
}

func entryWords(e payment.Entry) string {
	words := string(e.Kind)
	switch {
	case e.Kind == payment.KindDecided && e.Paid:
		words += " paid"
	case e.Kind == payment.KindDecided:
		words += " not-paid"
	case e.Outcome != "":
		words += " " + string(e.Outcome)
	}
	for _, part := range []struct{ name, text string }{
		{"", e.Detail}, {"by ", e.Staff}, {"reason: ", e.Reason}, {"proof: ", e.Proof},
	} {
		if part.text != "" {
			words += ", " + part.name + part.text
		}
	}
	return words
}
