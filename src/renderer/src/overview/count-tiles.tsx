import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { formatCount } from '../ui/format';
import { ErrorState } from '../ui/states';
import { Tile, TileRow } from '../ui/tile';

type Counts = AnswerOf<Contract['overview']['counts']>;

const tiles = [
  { key: 'users', label: 'overview.counts.users', to: '/users?active=true' },
  { key: 'teams', label: 'overview.counts.teams', to: '/teams?active=true' },
  { key: 'subscriptions', label: 'overview.counts.subscriptions', to: '/subscriptions?status=active' },
  { key: 'apiKeys', label: 'overview.counts.apiKeys', to: '/api-keys?state=active' },
] as const;

/** How many people, teams, subscriptions and keys are active, of how many there are. */
export function CountTiles({ query }: { readonly query: UseQueryResult<Counts, ApiError> }): ReactElement {
  const { t } = useTranslation();
  if (query.error !== null && query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <TileRow>
      {tiles.map(({ key, label, to }) => {
        const count = query.data?.[key];
        return (
          <Tile
            key={key}
            label={t(label)}
            to={to}
            value={count === undefined ? undefined : formatCount(count.active)}
            note={
              count === undefined ? undefined : t('overview.counts.ofAll', { all: formatCount(count.all) })
            }
          />
        );
      })}
    </TileRow>
  );
}
