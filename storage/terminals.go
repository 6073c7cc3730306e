package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"tillkeeper/payment"
)

// Terminals is the list of terminals of a Store.
type Terminals struct{ s *Store }

var _ payment.Terminals = (*Terminals)(nil)

// Terminals returns the list of terminals.
func (s *Store) Terminals() *Terminals { return &Terminals{s} }

// All implements payment.Terminals.
func (l *Terminals) All(ctx context.Context) (all []payment.Terminal, err error) {
	err = l.s.reading(ctx, "read terminals", func(t *session) error {
		all, err = loadTerminals(ctx, t, inUse)
		return err
	})
	return all, err
}

// Find implements payment.Terminals. Names are the same in large and small letters.
func (l *Terminals) Find(ctx context.Context, name string) (found payment.Terminal, err error) {
	err = l.s.reading(ctx, "find terminal", func(t *session) error {
		found, err = findTerminal(ctx, t, strings.TrimSpace(name))
		return err
	})
	return found, err
}

func findTerminal(ctx context.Context, t *session, name string) (payment.Terminal, error) {
	tail, args := `WHERE is_default = 1`, []any(nil)
	if name != "" {
		tail, args = `WHERE id = ?1 OR (removed = 0 AND name = ?1 COLLATE NOCASE) ORDER BY id = ?1 DESC`, []any{name}
	}
	found, err := loadTerminals(ctx, t, tail, args...)
	if err != nil || len(found) > 0 {
		return first(found), err
	}
	all, err := loadTerminals(ctx, t, inUse)
	switch {
	case err != nil:
		return payment.Terminal{}, err
	case len(all) == 0:
		return payment.Terminal{}, payment.Errorf(payment.CodeNoTerminal, "no terminal is set up yet")
	}
	return payment.Terminal{}, unknownTerminal(name)
}

// Add implements payment.Terminals.
func (l *Terminals) Add(ctx context.Context, added payment.Terminal) (payment.Terminal, error) {
	added.Name = strings.TrimSpace(added.Name)
	if err := checkName(added.Name); err != nil {
		return payment.Terminal{}, err
	}
	added.ID, added.Added, added.Removed = uuid.NewString(), stored(l.s.now()), false
	err := l.s.writing(ctx, "add terminal", func(ctx context.Context, t *session) error {
		all, err := loadTerminals(ctx, t, inUse)
		if err != nil {
			return err
		}
		added.Default = len(all) == 0
		if err := notTaken(added, all); err != nil {
			return err
		}
		return insertTerminal(ctx, t, added)
	})
	if err != nil {
		return payment.Terminal{}, err
	}
	return added, nil
}

// Update implements payment.Terminals. Protocol, Default and Added stay as they are.
func (l *Terminals) Update(ctx context.Context, changed payment.Terminal) error {
	changed.Name = strings.TrimSpace(changed.Name)
	if err := checkName(changed.Name); err != nil {
		return err
	}
	settings, err := json.Marshal(changed.Settings)
	if err != nil {
		return err
	}
	return l.change(ctx, changed.ID, "update terminal", func(ctx context.Context, t *session, all []payment.Terminal) error {
		if err := notTaken(changed, all); err != nil {
			return err
		}
		return t.exec(ctx, `UPDATE terminals SET name = ?, address = ?, settings = ? WHERE id = ?`,
			changed.Name, changed.Address, string(settings), changed.ID)
	})
}

// Learn implements payment.Terminals.
func (l *Terminals) Learn(ctx context.Context, id string, learnt map[payment.Operation]string) error {
	if learnt == nil {
		learnt = map[payment.Operation]string{}
	}
	text, err := json.Marshal(learnt)
	if err != nil {
		return err
	}
	return l.change(ctx, id, "store what was learnt", func(ctx context.Context, t *session, _ []payment.Terminal) error {
		return t.exec(ctx, `UPDATE terminals SET learnt = ? WHERE id = ?`, string(text), id)
	})
}

// SetDefault implements payment.Terminals.
func (l *Terminals) SetDefault(ctx context.Context, id string) error {
	return l.change(ctx, id, "choose default terminal", func(ctx context.Context, t *session, _ []payment.Terminal) error {
		return makeDefault(ctx, t, id)
	})
}

// Remove implements payment.Terminals.
func (l *Terminals) Remove(ctx context.Context, id string) error {
	return l.change(ctx, id, "remove terminal", func(ctx context.Context, t *session, all []payment.Terminal) error {
		open, err := l.s.load(ctx, t, `WHERE `+isOpen+` AND o.terminal = ? ORDER BY +o.created, o.id LIMIT 1`, id)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			e := payment.Errorf(payment.CodeOriginalOpen, "order %s on this terminal is not settled yet", open[0].Order.Number)
			e.Order = open[0].Order.Number
			return e
		}
		if err := t.exec(ctx, `UPDATE terminals SET removed = 1, is_default = 0 WHERE id = ?`, id); err != nil {
			return err
		}
		return inherit(ctx, t, id, all)
	})
}

// inherit makes the oldest remaining terminal the default if the one that went was
// it.
func inherit(ctx context.Context, t *session, gone string, all []payment.Terminal) error {
	var heir string
	for _, x := range all {
		switch {
		case x.ID == gone && !x.Default:
			return nil
		case x.ID != gone && heir == "":
			heir = x.ID
		}
	}
	if heir == "" {
		return nil
	}
	return makeDefault(ctx, t, heir)
}

// makeDefault works in two steps, because at no moment may there be two.
func makeDefault(ctx context.Context, t *session, id string) error {
	if err := t.exec(ctx, `UPDATE terminals SET is_default = 0 WHERE is_default = 1`); err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE terminals SET is_default = 1 WHERE id = ?`, id)
}

// change runs do with all terminals in use, if id is one of them.
func (l *Terminals) change(ctx context.Context, id, doing string,
	do func(context.Context, *session, []payment.Terminal) error) error {
	return l.s.writing(ctx, doing, func(ctx context.Context, t *session) error {
		all, err := loadTerminals(ctx, t, inUse)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.ID == id {
				return do(ctx, t, all)
			}
		}
		return unknownTerminal(id)
	})
}

// inUse is the end of a SELECT that chooses the terminals in use, oldest first.
const inUse = `WHERE removed = 0 ORDER BY position`

func loadTerminals(ctx context.Context, t *session, tail string, args ...any) (all []payment.Terminal, err error) {
	err = t.each(ctx, func(rows *sql.Rows) error {
		var x payment.Terminal
		var settings, learnt string
		var added instant
		err := rows.Scan(&x.ID, &x.Name, &x.Protocol, &x.Address, &settings, &x.Default,
			&added.nano, &added.offset, &x.Removed, &learnt)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(settings), &x.Settings); err != nil {
			return fmt.Errorf("terminal %s: settings: %w", x.Name, err)
		}
		if err := json.Unmarshal([]byte(learnt), &x.Learnt); err != nil {
			return fmt.Errorf("terminal %s: what was learnt: %w", x.Name, err)
		}
		if len(x.Learnt) == 0 {
			x.Learnt = nil
		}
		x.Added = added.time()
		all = append(all, x)
		return nil
	}, `SELECT id, name, protocol, address, settings, is_default, added, added_offset, removed, learnt
		FROM terminals `+tail, args...)
	return all, err
}

func insertTerminal(ctx context.Context, t *session, x payment.Terminal) error {
	settings, err := json.Marshal(x.Settings)
	if err != nil {
		return err
	}
	added := instantOf(x.Added)
	return t.exec(ctx, `INSERT INTO terminals (id, name, protocol, address, settings, is_default,
		added, added_offset, removed) VALUES (?,?,?,?,?,?,?,?,0)`,
		x.ID, x.Name, x.Protocol, x.Address, string(settings), x.Default, added.nano, added.offset)
}

// notTaken refuses the name or address of another terminal in use: two of one
// address would be two queues before one device.
func notTaken(x payment.Terminal, all []payment.Terminal) error {
	for _, other := range all {
		switch {
		case other.ID == x.ID:
		case strings.EqualFold(other.Name, x.Name):
			return payment.Errorf(payment.CodeNameTaken, "there is a terminal %q already", other.Name)
		case other.Address == x.Address:
			return payment.Errorf(payment.CodeAddressTaken, "terminal %q has this address already", other.Name)
		}
	}
	return nil
}

// maxName is how many characters fit where terminals are shown.
const maxName = 40

func checkName(name string) error {
	switch {
	case name == "":
		return payment.Errorf(payment.CodeBadName, "a terminal needs a name")
	case utf8.RuneCountInString(name) > maxName:
		return payment.Errorf(payment.CodeBadName, "the name of a terminal has %d characters at most", maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return payment.Errorf(payment.CodeBadName, "the name of a terminal is plain text in one line")
	case payment.Mask(name) != name:
		return payment.Errorf(payment.CodeBadName, "the name of a terminal must not hold a card number")
	}
	return nil
}

func unknownTerminal(name string) error {
	return payment.Errorf(payment.CodeUnknownTerminal, "there is no terminal %q", payment.Mask(name))
}

func first(all []payment.Terminal) payment.Terminal {
	if len(all) == 0 {
		return payment.Terminal{}
	}
	return all[0]
}
