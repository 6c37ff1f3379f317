-- What the console changed, record by record, and what LiteLLM still has to hear of it. Written in the transaction of
-- the change itself. Nothing here refers to public tables: it has to outlive what it describes.

-- The journal. `before` and `after` hold the record's columns without secrets (NULL: it did not exist), money and
-- 64-bit numbers as text. Undo takes a row back if what it changed is still as it left it.
CREATE TABLE litemaas_console.changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- What was done in one go, in however many transactions.
    batch_id UUID NOT NULL,
    action TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    -- The change this one is part of: a user is deactivated, and with it the user's keys.
    part_of BIGINT,
    before JSONB,
    after JSONB,
    reason TEXT,
    actor TEXT NOT NULL,
    -- The change that this one takes back.
    undoes BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT changes_some_side CHECK (before IS NOT NULL OR after IS NOT NULL)
);

CREATE INDEX changes_record ON litemaas_console.changes (record_kind, record_id, id);
-- One record is changed once in a batch: whoever repeats a batch after a lost answer finds what was done.
CREATE UNIQUE INDEX changes_batch ON litemaas_console.changes (batch_id, record_kind, record_id);
CREATE INDEX changes_part_of ON litemaas_console.changes (part_of) WHERE part_of IS NOT NULL;
-- A change is taken back once.
CREATE UNIQUE INDEX changes_undoes ON litemaas_console.changes (undoes) WHERE undoes IS NOT NULL;

-- What LiteLLM has to hear: object and fields, never a call or a value. Values are read when it is sent.
CREATE TABLE litemaas_console.outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id BIGINT NOT NULL,
    proxy_id TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    fields TEXT[] NOT NULL,
    -- Those by which access is taken away: until they were sent, it still works over there.
    taken TEXT[] NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'unknown', 'refused', 'conflict', 'done')),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX outbox_open ON litemaas_console.outbox (record_kind, record_id) WHERE state <> 'done';
