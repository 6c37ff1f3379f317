-- Prices are set by people too, and such a change is journalled, undone and audited like any other: by the id of what
-- was changed. A model and a moment are none.

ALTER TABLE litemaas_console.model_prices ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid();

CREATE UNIQUE INDEX model_prices_id ON litemaas_console.model_prices (id);
