import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelationRow } from '../../../shared/contract/browse';
import { NameText } from '../ui/name-text';
import { AppLink } from '../records/record-link';
import type { ServerGridColumn } from '../lists/server-grid';
import { TwoLines } from '../ui/two-lines';
import { NotRecorded } from '../ui/values';
import { AboutRows, Size } from './estimates';
import { relationPath } from '../records/rows-url';

/** How a list shows tables and views. */
export function useRelationColumns(): readonly ServerGridColumn<RelationRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        field: 'name',
        header: t('browse.column.name'),
        flex: 1.6,
        minWidth: 200,
        render: ({ schema, name, readable }) => (
          <TwoLines
            first={<AppLink to={relationPath({ schema, relation: name })}>{name}</AppLink>}
            second={readable ? null : t('browse.notReadable')}
          />
        ),
      },
      {
        field: 'schema',
        header: t('browse.column.schema'),
        width: 150,
        render: ({ schema }) => <NameText>{schema}</NameText>,
      },
      {
        field: 'kind',
        header: t('browse.column.kind'),
        width: 144,
        render: ({ kind }) => t(`browse.kinds.${kind}`),
      },
      {
        field: 'estimatedRows',
        header: t('browse.column.rows'),
        width: 124,
        align: 'right',
        render: ({ estimatedRows }) => <AboutRows value={estimatedRows} />,
      },
      {
        field: 'sizeBytes',
        header: t('browse.column.size'),
        width: 96,
        align: 'right',
        render: ({ sizeBytes }) => <Size value={sizeBytes} />,
      },
      {
        field: 'owner',
        header: t('browse.column.owner'),
        width: 130,
        initiallyHidden: true,
        render: ({ owner }) => <NameText>{owner}</NameText>,
      },
      {
        field: 'comment',
        header: t('browse.column.comment'),
        flex: 2,
        minWidth: 160,
        render: ({ comment }) => (comment === null ? <NotRecorded /> : <NameText>{comment}</NameText>),
      },
    ],
    [t],
  );
}
