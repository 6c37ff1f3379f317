-- What the outbox holds is sent now: who is sending an object, until when nobody else does, and what stands in the way.
-- Keys are made in LiteLLM before they are rows here: what was begun is remembered by the hash of the value, so that a
-- key nobody was given is found and deleted.

ALTER TABLE litemaas_console.outbox
    -- The console that sends it, and until when it is left to it. A killed console's lease runs out.
    ADD COLUMN leased_by UUID,
    ADD COLUMN leased_until TIMESTAMP WITH TIME ZONE,
    -- When it was tried last.
    ADD COLUMN tried_at TIMESTAMP WITH TIME ZONE,
    -- Why LiteLLM does not know of it yet, in words and without secrets.
    ADD COLUMN problem TEXT;

-- Keys that are being made, or were left half made. No key value stands here.
CREATE TABLE litemaas_console.key_intents (
    -- The id that the key gets here.
    id UUID PRIMARY KEY,
    proxy_id TEXT NOT NULL,
    -- SHA-256 of the value, by which LiteLLM knows the key.
    key_hash TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
    -- Until then the console that makes it is at it.
    leased_until TIMESTAMP WITH TIME ZONE NOT NULL,
    -- When LiteLLM was first seen not to have it after that; one look proves nothing while the call may still run there.
    absent_since TIMESTAMP WITH TIME ZONE
);
