package cases_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func TestTheNextStepIsOnTheScreen(t *testing.T) {
	back := order("T9", payment.Refund, 990, time.Minute, sent(), lost(second))
	rows := []struct {
		name   string
		record payment.Record
		want   string
	}{
		{"waiting", fresh(), "Wait until 14:06:50"},
		{"waiting for a refund", back, "may still carry it out"},
		{"asking does not settle it", stubborn(), "then press Decide"},
		{"never asked since", order("T8", payment.Sale, 990, time.Hour, sent(), lost(second)), "Press Check again."},
		{"decided", byDecision(), "A later answer from the terminal still counts"},
		{"overruled", overruled(), "The decision was wrong: €56.00 was paid by card"},
		{"settled", settled(), "Nothing to do. It is settled."},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			s := newScreen(t, theme.Light, "en", false)
			s.begin(r.record)
			if !s.says(r.want) {
				t.Errorf("%q is not on the screen", r.want)
			}
		})
	}
}

func TestCheckAgainIsTheMainThingWhileACaseIsOpen(t *testing.T) {
	s := newScreen(t, theme.Light, "en", false)
	s.begin(fresh(), settled())
	check, decide := s.button("Check again"), s.button("Decide")
	if check.Kind != widgets.Primary || decide.Kind != widgets.Plain || s.button("Print") != nil {
		t.Error("the buttons of an open case are not as they should be")
	}
	s.tap("Check again")
	if s.button("Checking…").Enabled() {
		t.Error("it can be pressed while it asks")
	}
	s.finishWork()
	s.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}, true)
	s.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}, false)
	s.finishWork()
	if len(s.till.queries) != 2 {
		t.Errorf("asked %d times", len(s.till.queries))
	}
	s.tap("€12.75, Paid, 8 Mar, 12:05")
	if s.button("Check again") != nil || s.button("Decide") != nil {
		t.Error("a closed case can be asked about or decided")
	}
}

// beginUnaskable opens a day at a terminal behind a cloud that knows orders by its own number only.
func (s *stage) beginUnaskable(orders ...payment.Record) {
	s.Reset(till.Snapshot{
		Terminals: []till.TerminalState{{
			Terminal: payment.Terminal{ID: "t1", Name: "Counter 1"}, Can: payment.Capabilities{Limit: 3 * time.Minute, Unaskable: true},
		}},
		Recent: orders,
	})
}

func TestWhereNobodyCanBeAskedThereIsOnlyToDecide(t *testing.T) {
	s := newScreen(t, theme.Light, "en", false)
	s.beginUnaskable(unheard())
	if s.button("Check again") != nil || s.button("Decide").Kind != widgets.Primary || !s.says("then press Decide") {
		t.Error("asking is offered")
	}
	s.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}, true)
	s.finishWork()
	if len(s.till.queries) != 0 {
		t.Errorf("asked about %v", s.till.queries)
	}
	heard := order("T8", payment.Sale, 990, time.Hour, sent(), told{second, payment.Entry{
		Kind: payment.KindAccepted, Source: payment.FromTerminal, Facts: &payment.Facts{Reference: "778"},
	}}, lost(second))
	s = newScreen(t, theme.Light, "en", false)
	s.beginUnaskable(heard)
	if s.button("Check again") == nil {
		t.Error("the terminal's number is known, and asking is not offered")
	}
	s = newScreen(t, theme.Light, "en", false)
	s.beginUnaskable(order("T7", payment.Void, 990, time.Hour, sent(), lost(second)))
	if s.button("Check again") == nil {
		t.Error("a void is asked about by its original, and asking is not offered")
	}
}

func TestDecidingTakesProofAndASecondWord(t *testing.T) {
	s := newScreen(t, theme.Light, "en", false)
	s.begin(stubborn())
	s.decide()
	s.field("Your name").SetText(" ")
	if s.button("Continue").Enabled() {
		t.Error("it goes on without a name")
	}
	s.field("Your name").SetText("Jana")
	s.tap("Continue")
	if !s.says("The customer still owes €189.00") {
		t.Fatal("the consequence is not named")
	}
	s.dialogs.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.finishWork()
	if len(s.till.decisions) != 0 {
		t.Fatal("Return decided")
	}
	s.tap("It was paid")
	s.tap("Printed slip")
	s.tap("Continue")
	if !s.says("the books show €189.00 as taken") {
		t.Fatal("the other consequence is not named")
	}
	s.tap("Count as paid")
	s.finishWork()
	if len(s.till.decisions) != 1 {
		t.Fatalf("decided %d times", len(s.till.decisions))
	}
	if d := s.till.decisions[0]; !d.Paid || d.Reason != "Customer left" || d.Proof != "Printed slip" || d.Staff != "Jana" {
		t.Errorf("decided %+v", d)
	}
	if s.dialogs.Any() {
		t.Error("a dialog stays")
	}
}

func TestDecidingEarlySaysUntilWhenToWait(t *testing.T) {
	s := newScreen(t, theme.Light, "en", false)
	s.begin(fresh())
	s.tap("Decide")
	if !s.says("until 14:06:50") || s.button("Continue").Kind == widgets.Primary {
		t.Error("the dialog does not advise to wait")
	}
}

func TestPrintingTellsHowItWent(t *testing.T) {
	s := newScreen(t, theme.Light, "en", true)
	s.begin(settled())
	s.tap("Print")
	if !s.says("Printing…") {
		t.Error("nobody says that it prints")
	}
	s.finishWork()
	if !s.says("Printed.") || len(s.printer.pages) != 1 {
		t.Error("nobody says that it is printed")
	}
}

// TestNothingIsCutOff looks in every state and language whether all words are written out.
func TestNothingIsCutOff(t *testing.T) {
	for _, language := range []string{"en", "cs"} {
		for _, state := range states {
			t.Run(language+"/"+state.name, func(t *testing.T) {
				s := newScreen(t, theme.Light, language, true)
				state.play(s)
				if m := s.view.Content().MinSize(); m.Width > 1024-92 || m.Height > 600-28 {
					t.Errorf("the screen needs %v", m)
				}
				s.walk(func(o fyne.CanvasObject) { checkRoom(t, o) })
			})
		}
	}
}

func checkRoom(t *testing.T, o fyne.CanvasObject) {
	t.Helper()
	if line, ok := o.(*widgets.Line); ok {
		shown := test.WidgetRenderer(line).Objects()[0].(*canvas.Text)
		if shown.Text != line.Text() {
			t.Errorf("%q is cut to %q", line.Text(), shown.Text)
		}
	}
	if p, ok := o.(*widgets.Paragraph); ok && p.MinSize().Height > p.Size().Height+1 {
		t.Errorf("a paragraph needs %v and has %v: %q", p.MinSize().Height, p.Size().Height, p.Text())
	}
	if tap, ok := o.(fyne.Tappable); ok {
		if b, is := tap.(*widgets.Button); is && (b.Size().Height < 48 || b.Size().Width < 48) {
			t.Errorf("%q is %v, too small for a finger", b.Text, b.Size())
		}
	}
}

func TestEveryGroundAndEntryHasWords(t *testing.T) {
	for _, language := range []string{"en", "cs"} {
		words, err := message.New(language)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, kind := range []payment.GroundKind{
			payment.GroundAnswer, payment.GroundStatus, payment.GroundNotFoundProves, payment.GroundDecision,
			payment.GroundMismatch, payment.GroundPending, payment.GroundNotFoundEarly, payment.GroundNotFoundWeak,
			payment.GroundSilence, payment.GroundDoubt,
		} {
			g := payment.Ground{Kind: kind, Time: noon, Count: 2, Outcome: payment.Declined, Code: payment.CodeLinkLost,
				Staff: "Jana", Reason: "r", Proof: "p", After: time.Minute}
			text := words.Ground(payment.Sale, g, noon)
			if text == "" || seen[text] {
				t.Errorf("%s: %s says %q", language, kind, text)
			}
			seen[text] = true
		}
	}
}
