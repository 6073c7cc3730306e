package gui_test

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui"
	"tillkeeper/gui/internal/golden"
	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// troubled is the trouble window under a test's hand.
type troubled struct {
	fyne.Window
	words  *message.Catalogue
	called int
	err    error
}

func newTroubled(t *testing.T, language string, code payment.Code) *troubled {
	t.Helper()
	words, err := message.New(language)
	if err != nil {
		t.Fatal(err)
	}
	w := &troubled{words: words}
	wrong := payment.Errorf(code, "storage: open: page 7 of the journal does not add up")
	w.Window, err = gui.NewTroubleInline(test.NewTempApp(t), language, wrong, func() (string, error) {
		w.called++
		return "tillkeeper.db.damaged-20260309T140500.000", w.err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Canvas().(interface{ Resize(fyne.Size) }).Resize(small)
	return w
}

func (w *troubled) tap(id message.ID) { tapOn(w.Canvas(), w.words.Text(id)) }

func (w *troubled) says(id message.ID, pairs ...string) bool {
	return saysOn(w.Canvas(), w.words.Text(id, pairs...))
}

func TestTroubleSaysWhatHappenedToTheMoney(t *testing.T) {
	for _, code := range []payment.Code{
		payment.CodeDamagedData, payment.CodeNewerData, payment.CodeCannotRecord, payment.CodeInternal, payment.CodeUsage,
	} {
		for _, language := range []string{"en", "cs"} {
			w := newTroubled(t, language, code)
			if !w.says(message.TroubleTitle) || !w.says(message.TroubleMoney) {
				t.Errorf("%s: %s does not say what happened to the money", language, code)
			}
			if offered := labelled(w.Canvas(), w.words.Text(message.AsideButton)); offered != (code == payment.CodeDamagedData) {
				t.Errorf("%s: %s offers to set the book aside: %v", language, code, offered)
			}
		}
	}
}

func TestADamagedBookIsSetAsideOnlyWhenMeant(t *testing.T) {
	w := newTroubled(t, "en", payment.CodeDamagedData)
	w.tap(message.AsideButton)
	if !w.says(message.AsideText) {
		t.Fatal("nobody says what the new book does not know")
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.called != 0 || w.Canvas().Overlays().Top() != nil {
		t.Fatalf("Return set the book aside %d times", w.called)
	}
	w.tap(message.AsideButton)
	w.tap(message.AsideYes)
	if w.called != 1 || !w.says(message.AsideDone) || !w.says(message.AsideDoneNext) ||
		!w.says(message.AsideDoneText, "File", "tillkeeper.db.damaged-20260309T140500.000") {
		t.Errorf("called %d times; the new name is not told", w.called)
	}
	if labelled(w.Canvas(), w.words.Text(message.AsideButton)) {
		t.Error("it is offered a second time")
	}
}

func TestABookThatCannotBeSetAsideIsSaidSo(t *testing.T) {
	w := newTroubled(t, "en", payment.CodeDamagedData)
	w.err = errors.New("another process uses it")
	w.tap(message.AsideButton)
	w.tap(message.AsideYes)
	if !w.says(message.AsideFailed) || w.says(message.AsideDone) || !w.says(message.TroubleTechnician, "Text", w.err.Error()) {
		t.Error("the failure is not told")
	}
	w.err = nil
	w.tap(message.AsideButton)
	w.tap(message.AsideYes)
	if !w.says(message.AsideDone) {
		t.Error("a second try is not possible")
	}
}

func TestPicturesOfTrouble(t *testing.T) {
	golden.NotUnderRace(t)
	picture := func(name, language string, code payment.Code, play ...message.ID) {
		t.Run(name, func(t *testing.T) {
			w := newTroubled(t, language, code)
			for _, id := range play {
				w.tap(id)
			}
			golden.Match(t, name, w.Canvas().Capture())
		})
	}
	picture("trouble-damaged", "en", payment.CodeDamagedData)
	picture("trouble-aside", "en", payment.CodeDamagedData, message.AsideButton)
	picture("trouble-done", "en", payment.CodeDamagedData, message.AsideButton, message.AsideYes)
	picture("trouble-folder", "en", payment.CodeCannotRecord)
	picture("trouble-newer-czech", "cs", payment.CodeNewerData)
	picture("trouble-aside-czech", "cs", payment.CodeDamagedData, message.AsideButton)
}
