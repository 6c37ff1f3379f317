import { Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../ui/format';
import { AppLink } from '../records/record-link';
import { StatusChip } from '../ui/status-chip';
import { Count } from '../ui/values';
import type { Relation } from './relation-screen';
import { relationPath } from '../records/rows-url';
import { Definition, NothingThere, Part, StructureTable } from './structure-table';

/** What keeps a relation's rows in order and quick to find, and who points here. */
export function ConstraintsTab({ relation }: { readonly relation: Relation }): ReactElement {
  return (
    <>
      <Indexes relation={relation} />
      <Constraints relation={relation} />
      {relation.referencedBy.length > 0 && <ReferencedBy relation={relation} />}
    </>
  );
}

function Indexes({ relation: { indexes } }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  return (
    <Part title={t('browse.structure.indexes')}>
      {indexes.length === 0 ? (
        <NothingThere>{t('browse.structure.noIndexes')}</NothingThere>
      ) : (
        <StructureTable
          label={t('browse.structure.indexes')}
          rows={indexes}
          rowKey={({ name }) => name}
          columns={[
            { header: t('browse.structure.name'), render: ({ name }) => <bdi>{name}</bdi> },
            {
              header: t('browse.structure.kind'),
              render: ({ primary, unique, valid }) => (
                <Stack sx={{ gap: 0.5, alignItems: 'flex-start', whiteSpace: 'nowrap' }}>
                  {t(`browse.structure.${primary ? 'primary' : unique ? 'unique' : 'ordinary'}`)}
                  {!valid && <StatusChip tone="error" label={t('browse.structure.invalid')} />}
                </Stack>
              ),
            },
            {
              header: t('browse.structure.definition'),
              isWide: true,
              render: ({ definition }) => <Definition>{definition}</Definition>,
            },
            {
              header: t('browse.structure.size'),
              align: 'right',
              render: ({ sizeBytes }) => formatBytes(sizeBytes),
            },
            {
              header: t('browse.structure.scans'),
              align: 'right',
              render: ({ scans }) => <Count value={scans} />,
            },
          ]}
        />
      )}
    </Part>
  );
}

function Constraints({ relation: { constraints } }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  return (
    <Part title={t('browse.structure.constraints')}>
      {constraints.length === 0 ? (
        <NothingThere>{t('browse.structure.noConstraints')}</NothingThere>
      ) : (
        <StructureTable
          label={t('browse.structure.constraints')}
          rows={constraints}
          rowKey={({ name }) => name}
          columns={[
            { header: t('browse.structure.name'), render: ({ name }) => <bdi>{name}</bdi> },
            {
              header: t('browse.structure.kind'),
              render: ({ kind, validated }) => (
                <Stack sx={{ gap: 0.5, alignItems: 'flex-start' }}>
                  {kind}
                  {!validated && <StatusChip tone="warning" label={t('browse.structure.notValidated')} />}
                </Stack>
              ),
            },
            {
              header: t('browse.structure.definition'),
              isWide: true,
              render: ({ definition }) => <Definition>{definition}</Definition>,
            },
          ]}
        />
      )}
    </Part>
  );
}

function ReferencedBy({ relation: { referencedBy } }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  return (
    <Part title={t('browse.structure.referencedBy')} description={t('browse.structure.referencedByBody')}>
      <StructureTable
        label={t('browse.structure.referencedBy')}
        rows={referencedBy}
        rowKey={({ schema, relation, name }) => JSON.stringify([schema, relation, name])}
        columns={[
          {
            header: t('browse.structure.table'),
            render: ({ schema, relation }) => (
              <AppLink to={relationPath({ schema, relation })}>{`${schema}.${relation}`}</AppLink>
            ),
          },
          { header: t('browse.structure.name'), render: ({ name }) => <bdi>{name}</bdi> },
          {
            header: t('browse.structure.definition'),
            isWide: true,
            render: ({ definition }) => <Definition>{definition}</Definition>,
          },
        ]}
      />
    </Part>
  );
}
