import { Stack } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { DetailPage } from '../records/detail-page';
import { formatBytes, formatCount } from '../ui/format';
import { AppLink } from '../records/record-link';
import { StatusChip } from '../ui/status-chip';
import { ReadOnlyChip } from './database-note';
import { RelationTabs } from './relation-tabs';
import { relationPath } from '../records/rows-url';

export type Relation = AnswerOf<Contract['browse']['relation']>;

export function RelationScreen(): ReactElement {
  const { schema = '', relation = '' } = useParams();
  return <RelationPage key={JSON.stringify([schema, relation])} schema={schema} relation={relation} />;
}

interface RelationPageProps {
  readonly schema: string;
  readonly relation: string;
}

/** One table or view: its rows, and how it is built. */
function RelationPage({ schema, relation }: RelationPageProps): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('browse', 'relation', { schema, relation });
  return (
    <DetailPage
      kind={t('browse.relation.one')}
      back={{ to: '/database/browse', label: t('browse.title') }}
      query={query}
      goneTitle={t('browse.relation.gone')}
      title={({ name }) => name}
      chips={({ kind }) => (
        <>
          <StatusChip tone="info" label={t(`browse.kinds.${kind}`)} />
          <ReadOnlyChip />
        </>
      )}
      description={(data) => <Facts relation={data} />}
    >
      {(data) => <RelationTabs relation={data} />}
    </DetailPage>
  );
}

/** Where it is, whose it is, how large, and what its author says of it. */
function Facts({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const { schema, owner, sizeBytes, estimatedRows, partitionOf, partitionKey, comment } = relation;
  return (
    <>
      {comment !== null && comment !== '' && (
        <bdi style={{ display: 'block', whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{comment}</bdi>
      )}
      <Stack component="dl" direction="row" sx={{ m: 0, mt: 0.25, columnGap: 2.5, flexWrap: 'wrap' }}>
        <Fact label={t('browse.relation.inSchema')}>
          <bdi>{schema}</bdi>
        </Fact>
        {estimatedRows !== null && (
          <Fact label={t('browse.relation.rows')}>
            {t('browse.noExactCount', { formatted: formatCount(estimatedRows) })}
          </Fact>
        )}
        {sizeBytes !== null && <Fact label={t('browse.relation.size')}>{formatBytes(sizeBytes)}</Fact>}
        <Fact label={t('browse.relation.owner')}>
          <bdi>{owner}</bdi>
        </Fact>
        {partitionOf !== null && (
          <Fact label={t('browse.relation.partitionOf')}>
            <AppLink to={relationPath(partitionOf)}>{partitionOf.relation}</AppLink>
          </Fact>
        )}
        {partitionKey !== null && (
          <Fact label={t('browse.relation.partitionKey')}>
            <code>{partitionKey}</code>
          </Fact>
        )}
      </Stack>
    </>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <Stack direction="row" sx={{ gap: 0.75, minWidth: 0 }}>
      <dt>{label}</dt>
      <dd style={{ margin: 0, minWidth: 0, overflowWrap: 'anywhere', fontWeight: 550 }}>{children}</dd>
    </Stack>
  );
}
