import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql';

/** Words of statements that read, as an administrator writes them. */
const readingWords =
  'select from where group by having order limit offset fetch first next rows row only with recursive as materialized ' +
  'distinct on all union except intersect join left right full inner outer cross natural lateral using values table ' +
  'case when then else end and or not in is null true false between like ilike similar to escape exists any some ' +
  'array cast collate over partition window range groups unbounded preceding following current exclude ties filter ' +
  'within ordinality asc desc nulls last tablesample interval extract at time zone current_date current_timestamp ' +
  'current_user localtimestamp session_user explain analyze verbose costs buffers format show';

/** Words of statements that the server refuses here: coloured, since they are no names, but not offered. */
const writingWords =
  'insert into update set delete truncate create alter drop grant revoke begin commit rollback call copy do vacuum ' +
  'reindex merge returning lock listen notify default primary foreign key references constraint check unique index ' +
  'view trigger function procedure schema database role replace temporary cascade restrict add column';

/** PostgreSQL without the hundreds of words that also name columns (`id`, `name`, `status`). */
export const dialect: SQLDialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${readingWords} ${writingWords}`,
});

/** What completion offers besides the catalogue's names. */
export const offeredDialect: SQLDialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: readingWords,
  types:
    'bigint boolean bytea date double precision integer json jsonb numeric text timestamp timestamptz uuid',
});
