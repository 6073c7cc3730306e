package cli

import "tillkeeper/payment"

// demoShop is a protocol of the demo: how its simulated terminal is made, what it
// does order by order, and the day.
type demoShop struct {
	protocol string
	// simulator and settings are what the simulator and the terminal are set to
	// beside what the simulator itself asks for.
	simulator, settings map[string]string
	script              string
	steps               []demoStep
	// noVoid: the protocol has no void.
	noVoid bool
}

// demoShops are the protocols in the order in which they are shown. The first day is
// the whole one; those after it show that the same buttons do the same.
func demoShops() []demoShop {
	return []demoShop{
		{
			protocol:  "ecrhub",
			simulator: map[string]string{"card_delay": "0s", "result_delay": "200ms"},
			settings:  map[string]string{"currency": "USD"},
			script:    wholeDay, steps: demoSteps(),
		},
		{
			protocol:  "comgate",
			simulator: map[string]string{"card_delay": "50ms", "result_delay": "50ms"},
			settings:  map[string]string{"refund": "on", "poll_interval_ms": "100"},
			script:    shortDay,
			steps:     shortSteps(demoRecover, demoBatch),
		},
		{
			protocol:  "comgate-cloud",
			simulator: map[string]string{"customer_time": "50ms"},
			settings:  map[string]string{"refund": "on"},
			script:    shortDay,
			steps:     shortSteps(demoDecide, demoBatch),
		},
		{
			protocol:  "codepay-cloud",
			simulator: map[string]string{"card_delay": "50ms", "result_delay": "50ms"},
			script:    shortDay,
			steps:     shortSteps(demoRecover, demoBatch),
		},
		{
			protocol:  "sadad",
			simulator: map[string]string{"card_delay": "50ms", "result_delay": "50ms"},
			settings:  map[string]string{"refund": "on", "void": "on"},
			script:    shortDay,
			steps:     shortSteps(demoRecover, nil),
		},
		{
			protocol:  "iotpay",
			simulator: map[string]string{"card_delay": "50ms", "result_delay": "50ms", "refund": "true"},
			settings:  map[string]string{"path.refund": "refund_order"},
			script:    shortDayWithoutVoid,
			steps:     shortSteps(demoRecover, nil), noVoid: true,
		},
	}
}

// wholeDay is what the first simulated terminal does, order by order as the steps
// send them. The queries are apart: the first is answered truly, the next ones leave
// the lost order in the dark for a while.
const wholeDay = `
{"outcome":"approve"}
{"outcome":"decline"}
{"outcome":"cancel"}
{"outcome":"approve"}
{"outcome":"approve"}
{"outcome":"approve"}
{"outcome":"approve","fault":"close-after","no_redeliver":true}
{"outcome":"approve","reply_delay":"30s"}
{"query":""}
{"query":"pending","repeat":4}
`

// shortDay is a sale, a refund of a part of it, a sale to void, its void where there
// is one, and a sale whose card comes late and whose answer never does.
const (
	shortDay = `
{"outcome":"approve","repeat":4}
` + lostAnswer
	shortDayWithoutVoid = `
{"outcome":"approve","repeat":3}
` + lostAnswer
	lostAnswer = `{"outcome":"approve","delay":"4s","no_answer":true}
`
)

// demoSteps are a shop's whole day. Each step stands on the ones before it.
func demoSteps() []demoStep {
	return []demoStep{
		{"Add the terminal", demoAdd},
		{"Test the terminal", demoTest},
		{"Pay 12.50", demoPay},
		{"Pay 8.00 with a card that is declined", demoSale("8.00", exitDeclined, payment.StatusDeclined)},
		{"Pay 9.90, and the customer presses cancel", demoSale("9.90", exitCancelled, payment.StatusCancelled)},
		{"Refund 5.00 of the 12.50", demoRefund},
		{"Refund 10.00 more", demoRefundTooMuch},
		{"Pay 20.00 and void it", demoVoid},
		{"Query the first order", demoQuery},
		{"Pay 33.00, and the answer is lost", demoLose},
		{"Pay 33.00 again", demoBlocked},
		{"Recover", demoRecover},
		{"Pay 41.00, and the program is killed", demoKill},
		{"Recover after the crash", demoRecoverCrash},
		{"Close the batch", demoBatch},
		{"Compare the terminal's charges with the journal", demoCompare},
	}
}

// shortSteps are the same buttons on another protocol. settle is how the lost answer
// is settled, batch how the batch is closed, nil where it cannot be.
func shortSteps(settle, batch demoRun) []demoStep {
	steps := []demoStep{
		{"Add the terminal", demoAdd},
		{"Test the terminal", demoTest},
		{"Pay 12.50", demoPay},
		{"Refund 5.00 of the 12.50", demoRefund},
		{"Pay 20.00 and void it", demoVoid},
		{"Query the first order", demoQuery},
		{"Pay 33.00, and the answer is lost", demoLose},
		{"Pay 33.00 again", demoBlocked},
		{"Find out what became of it", settle},
	}
	if batch != nil {
		steps = append(steps, demoStep{"Close the batch", batch})
	}
	return append(steps, demoStep{"Compare the terminal's charges with the journal", demoCompare})
}
