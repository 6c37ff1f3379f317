import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusChip } from '../ui/status-chip';
import type { Relation } from './relation-screen';
import { Definition, StructureTable } from './structure-table';

/** What PostgreSQL does by itself when rows change. */
export function TriggersTab({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  return (
    <StructureTable
      label={t('browse.structure.triggers')}
      rows={relation.triggers}
      rowKey={({ name }) => name}
      columns={[
        { header: t('browse.structure.name'), render: ({ name }) => <bdi>{name}</bdi> },
        {
          header: t('browse.structure.state'),
          render: ({ enabled }) => (
            <StatusChip
              tone={enabled ? 'success' : 'warning'}
              label={t(enabled ? 'browse.structure.enabled' : 'browse.structure.disabled')}
            />
          ),
        },
        {
          header: t('browse.structure.definition'),
          isWide: true,
          render: ({ definition }) => <Definition>{definition}</Definition>,
        },
      ]}
    />
  );
}
