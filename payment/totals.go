package payment

// maxUnknown is how many unknown orders totals are compared with; of more, too many
// combinations fit by chance.
const maxUnknown = 8

// TotalsProve compares the totals of a closed batch with our orders of that batch,
// open being those of them that are unknown. For each of these it returns
// CodeTotalsWith or CodeTotalsWithout where exactly one combination of them fits
// the totals, else "". Count and sum of sales and of refunds must fit, as far as
// the terminal said them.
func TotalsProve(t Totals, held, open []Record) map[string]Code {
	codes := map[string]Code{}
	for _, r := range open {
		codes[r.Order.Number] = ""
	}
	if len(open) == 0 || len(open) > maxUnknown || t.Sales.Count < 0 || !t.Sales.Amount.Known() {
		return codes
	}
	var ours tally
	for _, r := range held {
		ours.add(r)
	}
	fits, which := 0, 0
	for set := range 1 << len(open) {
		with := ours
		for i, r := range open {
			if set&(1<<i) != 0 {
				with.count(r.Order.Operation, r.Order.Asked)
			}
		}
		if with.fits(t) {
			fits, which = fits+1, set
		}
	}
	if fits != 1 {
		return codes
	}
	for i, r := range open {
		codes[r.Order.Number] = CodeTotalsWithout
		if which&(1<<i) != 0 {
			codes[r.Order.Number] = CodeTotalsWith
		}
	}
	return codes
}

// tally adds up what moved.
type tally struct{ sales, refunds Subtotal }

func (t *tally) add(r Record) {
	s := r.State()
	// A voided payment has left the batch, and its void with it.
	if s.Status.Moved() && s.Status != StatusVoided {
		t.count(r.Order.Operation, s.Moved)
	}
}

func (t *tally) count(op Operation, moved Amounts) {
	into := &t.sales
	switch op {
	case Refund:
		into = &t.refunds
	case Sale, Completion:
	default:
		return
	}
	into.Count++
	into.Amount = into.Amount.Add(moved.Total())
}

func (t *tally) fits(said Totals) bool {
	return same(t.sales, said.Sales) && (said.Refunds.Count < 0 || same(t.refunds, said.Refunds))
}

func same(ours, said Subtotal) bool {
	return ours.Count == said.Count && ours.Amount.Sub(said.Amount).IsZero()
}
