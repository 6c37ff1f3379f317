import { Box, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NotRecorded } from '../ui/values';
import { SearchBox } from '../lists/search-box';
import { Tag } from '../ui/tag';
import type { Relation } from './relation-screen';
import { Definition, NothingThere, StructureTable, type StructureColumn } from './structure-table';

type Column = Relation['columns'][number];

/** From so many columns on, one is found by its name. */
const manyColumns = 16;

/** What a relation is made of. */
export function ColumnsTab({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const columns = relation.columns.map((column, place) => ({ ...column, place: place + 1 }));
  const hasComments = columns.some(({ comment }) => comment !== null);
  const found = columns.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      {columns.length >= manyColumns && (
        <Box sx={{ px: 2.5, pt: 1.5 }}>
          <SearchBox label={t('browse.structure.searchColumns')} value={search} onChange={setSearch} />
        </Box>
      )}
      {found.length === 0 ? (
        <NothingThere>
          {t(columns.length === 0 ? 'browse.rows.noColumns' : 'browse.structure.noColumnFound')}
        </NothingThere>
      ) : (
        <StructureTable
          label={t('browse.relation.tabs.columns')}
          rows={found}
          rowKey={({ name }) => name}
          columns={[
            { header: t('browse.structure.position'), align: 'right', render: ({ place }) => place },
            { header: t('browse.structure.column'), render: (column) => <ColumnName column={column} /> },
            { header: t('browse.structure.type'), render: ({ type }) => <Definition>{type}</Definition> },
            {
              header: t('browse.structure.nullable'),
              render: ({ nullable }) => t(nullable ? 'common.yes' : 'common.no'),
            },
            { header: t('browse.structure.default'), render: (column) => <ColumnDefault column={column} /> },
            ...(hasComments ? [commentColumn(t('browse.structure.comment'))] : []),
          ]}
        />
      )}
    </>
  );
}

function commentColumn(header: string): StructureColumn<Column> {
  return {
    header,
    isWide: true,
    render: ({ comment }) => (comment === null ? <NotRecorded /> : <bdi>{comment}</bdi>),
  };
}

function ColumnName({ column }: { readonly column: Column }): ReactElement {
  const { t } = useTranslation();
  const { name, keyPosition, secret } = column;
  return (
    <Stack direction="row" sx={{ gap: 0.75, alignItems: 'center', flexWrap: 'wrap' }}>
      <bdi style={{ fontWeight: 600 }}>{name}</bdi>
      {keyPosition !== null && <Tag>{t('browse.structure.key')}</Tag>}
      {secret && <Tag>{t('browse.structure.secret')}</Tag>}
    </Stack>
  );
}

function ColumnDefault({ column }: { readonly column: Column }): ReactElement {
  const { t } = useTranslation();
  if (column.identity) return <>{t('browse.structure.identity')}</>;
  if (column.default === null) return <NotRecorded />;
  return (
    <Definition>
      {column.generated ? t('browse.structure.generated', { expression: column.default }) : column.default}
    </Definition>
  );
}
