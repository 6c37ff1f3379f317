-- Usage accounting: what follows from a usage row follows in the same transaction, whoever writes the row. What is
-- stored for it stands here, the triggers in routines/070_usage_deltas.sql and 080_usage_triggers.sql.
--
-- The document's row trigger costs quadratic time in one transaction, keeps one of three promised periods, breaks
-- its averages on the first NULL and loses the usage row when an average overflows. Statement-level triggers with
-- transition tables aggregate a batch once, into slots of 15 minutes: every time zone in use cuts its days at a slot
-- border, and so do UTC hours. From the slots the small updates are made, always in sorted order and with the
-- subscriptions locked first, so that two writers cannot deadlock inside a statement. Compiling these short queries
-- (JIT) costs more than running them.
--
-- Deletions and corrections only UPDATE what exists (a row that moves to another key is a removal and an addition).

-- What usage_logs needs beyond the document.
ALTER TABLE public.usage_logs
    -- Whether the row counted towards its subscription's quota. Importing history must not suspend people: such an
    -- import says SET LOCAL litemaas.count_usage = off.
    ADD COLUMN counted_towards_quota BOOLEAN NOT NULL
        DEFAULT COALESCE(NULLIF(current_setting('litemaas.count_usage', true), ''), 'on')::BOOLEAN,
    -- Set when the key or the team is deleted and its foreign key blanks the column: usage stays what it was.
    ADD COLUMN former_api_key_id UUID,
    ADD COLUMN former_team_id UUID;

-- What a statement changed, per slot of 15 minutes and set of dimensions. Figures are signed.
CREATE TYPE litemaas_console.usage_delta AS (
    slot TIMESTAMP WITH TIME ZONE,
    subscription_id UUID,
    api_key_id UUID,
    user_id UUID,
    team_id UUID,
    model_id VARCHAR(255),
    requests BIGINT,
    errors BIGINT,
    request_tokens BIGINT,
    response_tokens BIGINT,
    cost NUMERIC,
    latency_ms_sum BIGINT,
    latency_count BIGINT,
    counted_requests BIGINT,
    counted_tokens BIGINT
);

CREATE TYPE litemaas_console.latency_delta AS (
    day DATE,
    model_id VARCHAR(255),
    latency_from_ms INTEGER,
    requests BIGINT
);
