-- Why a subscription was suspended is asked later, when its counters and its quotas may be others: by a request, by a
-- correction of one that had counted, or by a lower quota. NULL: not by its quota, or before this was recorded.

ALTER TABLE litemaas_console.subscription_events
    ADD COLUMN exceeded_by TEXT CHECK (exceeded_by IN ('request', 'correction', 'quota'));
