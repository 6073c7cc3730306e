// Package message turns facts into words for shop staff: one catalogue for every text of the window, switchable while
// it runs, with amounts and times written as the language writes them.
//
// Staff need three things: what happened, what happened to the money, what to do now. Codes are for programs; each has
// its words here.
package message

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"tillkeeper/assets"
	"tillkeeper/payment"
)

// English is the language that every text is written in first; it stands in for any other that is not there.
const English = "en"

// Language is a language the window speaks.
type Language struct {
	Code string // such as "en"
	Name string // as its speakers call it
}

// Catalogue holds the texts of all languages and speaks one of them. It belongs to one goroutine, the window's.
type Catalogue struct {
	bundle    *i18n.Bundle
	languages []Language
	current   string
	localizer *i18n.Localizer
}

// New loads all languages and speaks the one asked for, or English.
func New(code string) (*Catalogue, error) {
	files, err := assets.Translations()
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	return Load(files, code)
}

// Load does as New with the message files of a folder, one `<language>.json` each.
func Load(files fs.FS, code string) (*Catalogue, error) {
	c := &Catalogue{bundle: i18n.NewBundle(language.English)}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	for _, name := range names {
		if _, err := c.bundle.LoadMessageFileFS(files, name); err != nil {
			return nil, fmt.Errorf("message: %s: %w", name, err)
		}
		c.languages = append(c.languages, Language{Code: strings.TrimSuffix(path.Base(name), ".json")})
	}
	for i, l := range c.languages {
		c.SetLanguage(l.Code)
		c.languages[i].Name = c.Text(LanguageName)
	}
	slices.SortFunc(c.languages, func(a, b Language) int { return strings.Compare(a.Name, b.Name) })
	c.SetLanguage(code)
	return c, nil
}

// Languages lists what SetLanguage takes, by name.
func (c *Catalogue) Languages() []Language { return slices.Clone(c.languages) }

// Language returns the code of the language spoken now.
func (c *Catalogue) Language() string { return c.current }

// SetLanguage speaks another language from now on; one that is not there becomes English. What is on the screen is for
// its owner to write anew.
func (c *Catalogue) SetLanguage(code string) {
	if !slices.ContainsFunc(c.languages, func(l Language) bool { return l.Code == code }) {
		code = English
	}
	c.current = code
	c.localizer = i18n.NewLocalizer(c.bundle, code, English)
}

// Text returns a text. Pairs are the names and values of its gaps: Text(MoneyCharged, "Amount", "12.50 €").
func (c *Catalogue) Text(id ID, pairs ...string) string {
	return c.localize(&i18n.LocalizeConfig{MessageID: string(id), TemplateData: gaps(pairs)})
}

// Count returns a text in the form that the language uses for n things; its gap Count is n.
func (c *Catalogue) Count(id ID, n int, pairs ...string) string {
	data := gaps(pairs)
	data["Count"] = fmt.Sprint(n)
	return c.localize(&i18n.LocalizeConfig{MessageID: string(id), TemplateData: data, PluralCount: n})
}

// localize never fails before staff: a text that is not there shows its id, and a test finds it first.
func (c *Catalogue) localize(config *i18n.LocalizeConfig) string {
	text, err := c.localizer.Localize(config)
	if err != nil && text == "" {
		return config.MessageID
	}
	return text
}

func gaps(pairs []string) map[string]string {
	data := make(map[string]string, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return data
}

// Words are what staff read about a code: what happened, and what to press or do.
type Words struct {
	Title    string // a few words
	Sentence string // what happened
	Next     string // what to do now
}

// Code returns the words for a code; one that has none speaks as an internal failure.
func (c *Catalogue) Code(code payment.Code) Words {
	if !c.knows(code) {
		code = payment.CodeInternal
	}
	part := func(name string) string { return c.Text(ID("code." + string(code) + "." + name)) }
	return Words{Title: part("title"), Sentence: part("sentence"), Next: part("next")}
}

func (c *Catalogue) knows(code payment.Code) bool { return slices.Contains(payment.Codes(), code) }

// Status returns the few words for a status.
func (c *Catalogue) Status(s payment.Status) string { return c.Text(ID("status." + string(s))) }

// Operation returns the word for an operation.
func (c *Catalogue) Operation(op payment.Operation) string {
	return c.Text(ID("operation." + string(op)))
}
