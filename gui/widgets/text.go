package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Style says how words look.
type Style struct {
	Size   fyne.ThemeSizeName  // "" is the size of sentences
	Colour fyne.ThemeColorName // "" is the colour of sentences
	Bold   bool
	Align  fyne.TextAlign
	// Shrink lets a Line get smaller than its words need: it then makes the words smaller, down to half, and at last
	// cuts them with an ellipsis. Without it the line claims the width of its words.
	Shrink bool
}

func (s Style) size() float32 {
	if s.Size == "" {
		return size(theme.SizeText)
	}
	return size(s.Size)
}

func (s Style) dress(t *canvas.Text) {
	name := s.Colour
	if name == "" {
		name = theme.ColourText
	}
	t.Color, t.TextStyle.Bold, t.Alignment, t.TextSize = colour(name), s.Bold, s.Align, s.size()
}

// Line is a line of words.
type Line struct {
	widget.BaseWidget
	text  string
	style Style
}

// NewLine returns a line of words.
func NewLine(text string, style Style) *Line {
	l := &Line{text: text, style: style}
	l.ExtendBaseWidget(l)
	return l
}

// Text returns the words.
func (l *Line) Text() string { return l.text }

// Set changes the words; it draws nothing when they are the same.
func (l *Line) Set(text string) {
	if l.text != text {
		l.text = text
		l.Refresh()
	}
}

// SetColour changes the colour of the words.
func (l *Line) SetColour(name fyne.ThemeColorName) {
	if l.style.Colour != name {
		l.style.Colour = name
		l.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (l *Line) AccessibilityLabel() string { return l.text }

// AccessibilityRole implements fyne.Accessible.
func (l *Line) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	t := canvas.NewText(l.text, nil)
	layout := func(s fyne.Size) {
		t.Text = l.text
		need := fit(t, l.style.size(), s.Width)
		if l.style.Shrink && need.Width > s.Width {
			t.Text = elide(t, s.Width)
		}
		place(t, 0, (s.Height-need.Height)/2, s.Width, need.Height)
	}
	return newLook(layout,
		func() fyne.Size {
			need := fyne.MeasureText(l.text, l.style.size(), fyne.TextStyle{Bold: l.style.Bold})
			if l.style.Shrink {
				need.Width = min(need.Width, 2*need.Height)
			}
			return need
		},
		func() {
			l.style.dress(t)
			layout(l.Size())
		}, t)
}

// elide cuts the text so that it fits the width with an ellipsis at its end.
func elide(t *canvas.Text, width float32) string {
	letters := []rune(t.Text)
	for n := len(letters) - 1; n > 0; n-- {
		cut := strings.TrimRight(string(letters[:n]), " ") + "…"
		if fyne.MeasureText(cut, t.TextSize, t.TextStyle).Width <= width {
			return cut
		}
	}
	return "…"
}

// Paragraph is words broken into lines at the width it is given.
type Paragraph struct {
	widget.BaseWidget
	text  string
	style Style
}

// NewParagraph returns words that break into lines.
func NewParagraph(text string, style Style) *Paragraph {
	p := &Paragraph{text: text, style: style}
	p.ExtendBaseWidget(p)
	return p
}

// Text returns the words.
func (p *Paragraph) Text() string { return p.text }

// Set changes the words and reports whether they were others before. Its owner then lays out anew, as other words need
// another number of lines.
func (p *Paragraph) Set(text string) bool {
	if p.text == text {
		return false
	}
	p.text = text
	p.Refresh()
	return true
}

// SetSize changes the size of the words.
func (p *Paragraph) SetSize(name fyne.ThemeSizeName) {
	if p.style.Size != name {
		p.style.Size = name
		p.Refresh()
	}
}

// SetColour changes the colour of the words.
func (p *Paragraph) SetColour(name fyne.ThemeColorName) {
	if p.style.Colour != name {
		p.style.Colour = name
		p.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (p *Paragraph) AccessibilityLabel() string { return p.text }

// AccessibilityRole implements fyne.Accessible.
func (p *Paragraph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer { return &paragraphLook{p: p} }

// paragraphLook keeps one canvas text for each line.
type paragraphLook struct {
	p     *Paragraph
	lines []fyne.CanvasObject
	width float32
	text  string
}

// Layout implements fyne.WidgetRenderer.
func (l *paragraphLook) Layout(s fyne.Size) {
	if s.Width == l.width && l.text == l.p.text {
		return
	}
	l.width = s.Width
	l.Refresh()
}

// MinSize implements fyne.WidgetRenderer. Before the first layout nobody knows how many lines there will be; the
// paragraph then claims one. Owners that lay out by smallest size ask again after a change of width.
func (l *paragraphLook) MinSize() fyne.Size {
	height := l.lineHeight() * float32(max(len(wrap(l.p.text, l.p.style, l.width)), 1))
	return fyne.NewSize(size(theme.SizeMain), height)
}

func (l *paragraphLook) lineHeight() float32 {
	return fyne.MeasureText("Ág", l.p.style.size(), fyne.TextStyle{Bold: l.p.style.Bold}).Height
}

// Refresh implements fyne.WidgetRenderer.
func (l *paragraphLook) Refresh() {
	l.text = l.p.text
	l.lines = l.lines[:0]
	height := l.lineHeight()
	for i, words := range wrap(l.p.text, l.p.style, l.width) {
		t := canvas.NewText(words, nil)
		l.p.style.dress(t)
		place(t, 0, float32(i)*height, l.width, height)
		l.lines = append(l.lines, t)
	}
}

// Objects implements fyne.WidgetRenderer.
func (l *paragraphLook) Objects() []fyne.CanvasObject { return l.lines }

// Destroy implements fyne.WidgetRenderer.
func (l *paragraphLook) Destroy() {}

// wrap breaks words into lines no wider than the width; a single word that is wider stays whole.
func wrap(text string, style Style, width float32) []string {
	if text == "" {
		return nil
	}
	if width <= 0 {
		return []string{text}
	}
	var lines []string
	for block := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(block) {
			longer := strings.TrimSpace(line + " " + word)
			if line != "" && fyne.MeasureText(longer, style.size(), fyne.TextStyle{Bold: style.Bold}).Width > width {
				lines = append(lines, line)
				longer = word
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}
