-- What went with a record that the console deleted, so that the deletion can be taken back. Written in the transaction
-- of the deletion itself. Nothing here refers to public tables: it has to outlive what it describes.

-- One row for each row that the foreign keys took along (or blanked), of a site's own tables too. `content` is the row
-- without what is secret; of a blanked row its primary key and the columns that were blanked. Usage is not here: it
-- goes to unattributed_usage, where charts and rollups go on counting it.
CREATE TABLE litemaas_console.deleted_rows (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id UUID NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    schema_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    fate TEXT NOT NULL CHECK (fate IN ('deleted', 'blanked')),
    content JSONB NOT NULL,
    -- Of a deleted row: the columns whose values are not kept, because they are secret.
    left_out TEXT[] NOT NULL DEFAULT '{}'
);

CREATE INDEX deleted_rows_record ON litemaas_console.deleted_rows (batch_id, record_kind, record_id, id);

-- Whether a request counted towards its subscription's quota: without it, a subscription that comes back could not be
-- counted again.
ALTER TABLE litemaas_console.unattributed_usage ADD COLUMN counted_towards_quota BOOLEAN NOT NULL DEFAULT false;
