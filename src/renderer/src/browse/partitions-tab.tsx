import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '../ui/format';
import { AppLink } from '../records/record-link';
import { AboutRows } from './estimates';
import type { Relation } from './relation-screen';
import { relationPath } from '../records/rows-url';
import { Definition, NothingThere, StructureTable } from './structure-table';

/** The tables that hold a partitioned table's rows. */
export function PartitionsTab({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const { partitions, partitionCount } = relation;
  if (partitions.length === 0) return <NothingThere>{t('browse.structure.noPartitions')}</NothingThere>;
  return (
    <>
      {partitionCount > partitions.length && (
        <NothingThere>
          {t('browse.structure.someOfPartitions', {
            shown: formatCount(partitions.length),
            total: formatCount(partitionCount),
          })}
        </NothingThere>
      )}
      <StructureTable
        label={t('browse.structure.partitions')}
        rows={partitions}
        rowKey={({ schema, name }) => JSON.stringify([schema, name])}
        columns={[
          {
            header: t('browse.structure.name'),
            render: ({ schema, name }) => (
              <AppLink to={relationPath({ schema, relation: name })}>{name}</AppLink>
            ),
          },
          {
            header: t('browse.structure.bounds'),
            isWide: true,
            render: ({ bounds }) => <Definition>{bounds}</Definition>,
          },
          {
            header: t('browse.structure.rows'),
            align: 'right',
            render: ({ estimatedRows }) => <AboutRows value={estimatedRows} />,
          },
          {
            header: t('browse.structure.size'),
            align: 'right',
            render: ({ sizeBytes }) => formatBytes(sizeBytes),
          },
        ]}
      />
    </>
  );
}
