-- What is too much for the transaction that deletes a record is moved out of its way beforehand, in slices, and back in
-- slices after an undo. What was begun is remembered here, so that whoever opens the database after a console was killed
-- in between sees it and goes on, or puts it back.

-- A record from the transaction that moved its first slice to the one that deleted it, or that found nothing left to
-- bring back.
CREATE TABLE litemaas_console.moved_aside (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    batch_id UUID NOT NULL,
    -- The record is being deleted, or has come back and waits for what belongs to it.
    way TEXT NOT NULL CHECK (way IN ('delete', 'restore')),
    action TEXT NOT NULL,
    label TEXT NOT NULL,
    -- Of a deletion: the record as it was seen. Whoever changed it since is not overruled by going on.
    version TEXT,
    reason TEXT,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (record_kind, record_id)
);

CREATE INDEX moved_aside_batch ON litemaas_console.moved_aside (batch_id);
