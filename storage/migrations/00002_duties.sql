-- What the till still has to do about settled orders, what was learnt about
-- terminals, and the batches that were closed.

-- +goose Up
ALTER TABLE order_states ADD COLUMN owes INTEGER NOT NULL DEFAULT 0;

CREATE INDEX order_states_owes ON order_states (order_id) WHERE owes = 1;

-- A JSON object of texts.
ALTER TABLE terminals ADD COLUMN learnt TEXT NOT NULL DEFAULT '{}';

CREATE TABLE batches (
    id            INTEGER PRIMARY KEY,
    number        TEXT    NOT NULL UNIQUE,
    terminal      TEXT    NOT NULL,
    terminal_name TEXT    NOT NULL,
    protocol      TEXT    NOT NULL,
    staff         TEXT    NOT NULL,
    asked         INTEGER NOT NULL,
    asked_offset  INTEGER NOT NULL
) STRICT;

CREATE INDEX batches_terminal ON batches (terminal, id);

-- What was said about a batch; the last row counts.
CREATE TABLE batch_answers (
    id              INTEGER PRIMARY KEY,
    batch_id        INTEGER NOT NULL REFERENCES batches (id),
    answered        INTEGER NOT NULL,
    answered_offset INTEGER NOT NULL,
    outcome         TEXT    NOT NULL,
    code            TEXT    NOT NULL,
    -- A JSON object.
    totals          TEXT    NOT NULL
) STRICT;

CREATE INDEX batch_answers_batch ON batch_answers (batch_id);

-- +goose StatementBegin
CREATE TRIGGER batches_no_update BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER batches_no_delete BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER batch_answers_no_update BEFORE UPDATE ON batch_answers
BEGIN SELECT RAISE(ABORT, 'answers about batches are never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER batch_answers_no_delete BEFORE DELETE ON batch_answers
BEGIN SELECT RAISE(ABORT, 'answers about batches are never removed'); END;
-- +goose StatementEnd

PRAGMA user_version = 2;
