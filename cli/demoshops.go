package cli

import (
	"context"
	"maps"

	"tillkeeper/payment"
)

// DemoTerminal is a simulated terminal of the demo.
type DemoTerminal struct {
	Protocol string
	// Name is what it is called in the window.
	Name string
	// Simulator and Settings are what the simulator and the terminal are set to
	// beside what the simulator itself asks for.
	Simulator, Settings map[string]string
}

// DemoTerminals are one of every protocol, in the order in which they are shown.
func DemoTerminals() []DemoTerminal {
	return []DemoTerminal{
		{Protocol: "ecrhub", Name: "Counter", Settings: map[string]string{"currency": "USD"}},
		{Protocol: "comgate", Name: "Comgate", Settings: map[string]string{"refund": "on"}},
		{Protocol: "comgate-cloud", Name: "Comgate cloud", Settings: map[string]string{"refund": "on"}},
		{Protocol: "codepay-cloud", Name: "CodePay cloud"},
		{Protocol: "sadad", Name: "SADAD", Settings: map[string]string{"refund": "on", "void": "on"}},
		{Protocol: "iotpay", Name: "IOT Pay", Simulator: map[string]string{"refund": "true"}},
	}
}

// demoShop is a terminal of the demo without a display: how quick it is, what it does
// order by order, and the day.
type demoShop struct {
	DemoTerminal
	quick  map[string]string // settings of the simulator
	script string
	steps  []demoStep
	// noVoid: the protocol has no void.
	noVoid bool
}

// demoShops are the days in the order in which they are played. The first is the
// whole one; those after it show that the same buttons do the same.
func demoShops() (shops []demoShop) {
	quick := map[string]string{"card_delay": "50ms", "result_delay": "50ms"}
	for _, t := range DemoTerminals() {
		s := demoShop{DemoTerminal: t, quick: quick, script: shortDay, steps: shortSteps(demoRecover, demoBatch)}
		switch t.Protocol {
		case "ecrhub":
			s.quick = map[string]string{"card_delay": "0s", "result_delay": "200ms"}
			s.script, s.steps = wholeDay, demoSteps()
		case "comgate-cloud":
			s.quick, s.steps = map[string]string{"customer_time": "50ms"}, shortSteps(demoDecide, demoBatch)
		case "sadad":
			s.steps = shortSteps(demoRecover, nil)
		case "iotpay":
			s.script, s.steps, s.noVoid = shortDayWithoutVoid, shortSteps(demoRecover, nil), true
		}
		shops = append(shops, s)
	}
	return shops
}

// StartDemo starts the simulator of a demo terminal in a process of its own, with
// further arguments.
func StartDemo(ctx context.Context, executable string, t DemoTerminal, args ...string) (*Child, error) {
	args = append([]string{t.Protocol}, args...)
	for key, value := range t.Simulator {
		args = append(args, "--set", key+"="+value)
	}
	child, err := StartSimulator(ctx, executable, args...)
	if err != nil {
		return nil, err
	}
	settings := maps.Clone(t.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, child.Settings)
	child.Settings = settings
	return child, nil
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
