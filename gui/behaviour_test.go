package gui_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui"
	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func (d *desk) says(text string) bool {
	found := false
	look.Below(d.canvas.Content(), func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			found = found || strings.Contains(o.Text(), text)
		case *widgets.Amount:
			found = found || strings.Contains(o.Figure(), text)
		}
	})
	return found
}

func (d *desk) key(name fyne.KeyName) { d.canvas.OnTypedKey()(&fyne.KeyEvent{Name: name}) }

func TestEventsReachTheScreens(t *testing.T) {
	d := newDesk(t, memory{}, small)
	r := sale("1004", 9900, 0, payment.Approved)
	d.events <- till.Event{Record: &r}
	d.next()
	if !d.says("€99.00") {
		t.Error("a new order does not show")
	}
}

func TestASubscriptionThatIsCutOffBeginsAnew(t *testing.T) {
	d := newDesk(t, memory{}, small)
	d.till.snapshot.Recent = []payment.Record{sale("2001", 4200, 0, payment.Approved)}
	close(d.events)
	<-d.till.subscriptions
	d.next()
	if !d.says("€42.00") || d.says("€18.40") {
		t.Error("the new snapshot does not show")
	}
}

func TestTheLanguageSwitchesAndWhatIsTypedStays(t *testing.T) {
	d := newDesk(t, memory{}, small)
	test.TypeOnCanvas(d.canvas, "1250")
	d.tap("Settings")
	d.tap("Čeština")
	d.Close()
	if !d.says("Nastavení") || !d.says("12,50") || d.memory["language"] != "cs" {
		t.Errorf("after the switch: remembered %v", d.memory)
	}
}

func TestTheLookSwitchesAndIsRemembered(t *testing.T) {
	d := newDesk(t, memory{}, small)
	before := d.canvas.Capture().At(500, 590)
	d.tap("Settings")
	d.tap("Dark")
	d.Close()
	if d.memory["look"] != "dark" || d.canvas.Capture().At(500, 590) == before {
		t.Errorf("remembered %v, the page is as it was: %v", d.memory, d.canvas.Capture().At(500, 590) == before)
	}
}

func TestKeysGoToTheScreenInFront(t *testing.T) {
	d := newDesk(t, memory{}, small)
	d.key(fyne.KeyF7)
	if !d.says("192.0.2.40") {
		t.Fatal("F7 does not show the terminals")
	}
	test.TypeOnCanvas(d.canvas, "77")
	d.key(fyne.KeyEscape)
	if d.says("192.0.2.40") || d.says("€0.77") {
		t.Error("Escape does not lead back, or digits went to a screen behind")
	}
}

func TestTheBannerIsOnEveryScreenOfADemo(t *testing.T) {
	d := newDesk(t, memory{}, small)
	for _, screen := range []string{"Terminals", "Pay"} {
		d.tap(screen)
		if !d.says("DEMO") {
			t.Errorf("no banner on %s", screen)
		}
	}
}

func TestADemoLetsPeopleChooseWhatHappensNext(t *testing.T) {
	d := newDesk(t, memory{}, small)
	d.tap("What next")
	d.tap("Declined")
	d.next()
	if d.asked != "Counter 1: decline" || !d.says("DEMO – simulated terminals, no real money   ·   Next on Counter 1: Declined") {
		t.Errorf("asked %q; the banner does not say so", d.asked)
	}
}

// TestTheSmallestScreenIsEnough looks in both languages whether all of the window has room at 1024 by 600, and that a
// large window may get small again.
func TestTheSmallestScreenIsEnough(t *testing.T) {
	for _, language := range []string{"en", "cs"} {
		for _, size := range []fyne.Size{small, fyne.NewSize(1920, 1080), fyne.NewSize(3840, 2160)} {
			d := newDesk(t, memory{"language": language}, size)
			root := d.canvas.Content().(*fyne.Container)
			if m := root.MinSize(); m.Width > small.Width || m.Height > small.Height {
				t.Errorf("%s at %v: the window cannot get smaller than %v", language, size, m)
			}
			for _, screen := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyF7} {
				d.key(screen)
				if m := root.Objects[0].MinSize(); m.Width > size.Width || m.Height > size.Height {
					t.Errorf("%s at %v: %s needs %v", language, size, screen, m)
				}
			}
		}
	}
}

func TestTargetsOfTheNavigation(t *testing.T) {
	d := newDesk(t, memory{}, small)
	look.Below(d.canvas.Content(), func(o fyne.CanvasObject) {
		_, tappable := o.(fyne.Tappable)
		if size := o.Size(); tappable && (size.Width < 48 || size.Height < 48) {
			t.Errorf("%T is %v", o, size)
		}
	})
}

// panicking is a till with a defect.
type panicking struct{ *fakeTill }

func (panicking) Pay(context.Context, till.Charge) (payment.Record, error) { panic("defect") }

func TestADefectIsLoggedAndTold(t *testing.T) {
	var log bytes.Buffer
	d := &desk{till: newTill(), posts: make(chan func(), 100)}
	w, err := gui.New(test.NewTempApp(t), gui.Deps{
		Till: panicking{d.till}, Log: slog.New(slog.NewTextHandler(&log, nil)), Post: func(f func()) { d.posts <- f },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.canvas = w.Canvas()
	w.Start(t.Context())
	<-d.till.subscriptions
	d.next()
	test.TypeOnCanvas(d.canvas, "1250")
	d.tap("Pay €12.50")
	d.next()
	w.Close()
	if !strings.Contains(log.String(), "defect") {
		t.Errorf("logged: %s", log.String())
	}
	d.tap("Back")
}

func TestClosingTheWindowSaysWhatThatMeans(t *testing.T) {
	rows := []struct {
		name string
		can  payment.Capabilities
		keys func(d *desk)
		want string
	}{
		{"a payment", payment.Capabilities{Cancel: true}, func(d *desk) { d.tap("Pay €12.50") }, "Closing asks the terminal to cancel."},
		{"one that cannot be stopped", payment.Capabilities{}, func(d *desk) { d.tap("Pay €12.50") }, "Closing does not stop the terminal."},
		{"the day's close", payment.Capabilities{BatchClose: true}, func(d *desk) {
			d.tap("More")
			d.tap("Close the terminal's day")
			d.tap("Close the day")
		}, "nobody hears how that went"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			d := newDesk(t, memory{}, small)
			first := terminal("t1", "Counter 1", "ecrhub://192.0.2.40:35779", true, true)
			first.Can = r.can
			first.Can.Operations = []payment.Operation{payment.Sale}
			d.Take(till.Event{Terminal: &first})
			test.TypeOnCanvas(d.canvas, "1250")
			r.keys(d)
			d.AskClose()
			if !saysOn(d.canvas, r.want) {
				t.Errorf("nobody says %q", r.want)
			}
		})
	}
}

func TestOpenCasesAreCountedInTheNavigation(t *testing.T) {
	d := newDesk(t, memory{}, small)
	if !labelled(d.canvas, "Cases") {
		t.Error("without a case the navigation counts some")
	}
	d.doubt()
	d.tap("Cases, 1 open case")
	d.next() // the cases of the last days
	if !d.says("Not sure yet – do not charge again") {
		t.Error("the case does not show")
	}
	d.key(fyne.KeyEscape)
	d.tap("1 open case")
	d.next()
	if !d.says("Not sure yet – do not charge again") {
		t.Error("the badge of the Pay screen does not lead to the case")
	}
	d.key(fyne.KeyEscape)
	d.key(fyne.KeyF6)
	if !d.says("Not sure yet – do not charge again") {
		t.Error("F6 does not lead to the cases")
	}
}
