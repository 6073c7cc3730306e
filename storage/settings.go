package storage

import "context"

// Settings are short texts by key: language, theme and the like. Secrets do not
// belong here.
type Settings struct{ s *Store }

// Settings returns the settings of this till.
func (s *Store) Settings() *Settings { return &Settings{s} }

// Get returns the text of key, "" where none was set.
func (c *Settings) Get(ctx context.Context, key string) (value string, err error) {
	err = c.s.reading(ctx, "read setting", func(t *session) error {
		err := t.one(ctx, []any{&value}, `SELECT value FROM settings WHERE key = ?`, key)
		if isNone(err) {
			return nil
		}
		return err
	})
	return value, err
}

// Set stores the text of key, durable when it returns.
func (c *Settings) Set(ctx context.Context, key, value string) error {
	return c.s.writing(ctx, "store setting "+key, func(ctx context.Context, t *session) error {
		return t.exec(ctx, `INSERT INTO settings (key, value) VALUES (?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	})
}
