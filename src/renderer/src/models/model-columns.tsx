import { Skeleton, Tooltip } from '@mui/material';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelFigures, ModelRow } from '../../../shared/contract/models';
import { formatCount } from '../ui/format';
import { NameText } from '../ui/name-text';
import { AppLink, recordPath } from '../records/record-link';
import type { ServerGridColumn } from '../lists/server-grid';
import { ActiveChip } from '../ui/status-chip';
import { TagRow } from '../ui/tag';
import { TwoLines } from '../ui/two-lines';
import { useIsRoomy } from '../ui/use-is-roomy';
import { Count, Instant, Money, NotRecorded, Tokens } from '../ui/values';
import { capabilityLabel } from './capability-label';
import { ModelPrice } from './model-price';
import { ModelSyncChip } from './model-sync-chip';
import type { FiguresOfModels } from './use-model-figures';

/** How a list shows models; their figures arrive after them. */
export function useModelColumns(figures: FiguresOfModels): readonly ServerGridColumn<ModelRow>[] {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  return useMemo(() => {
    const figure = (id: string, show: (figures: ModelFigures) => ReactNode): ReactElement => (
      <Figure figures={figures} id={id} show={show} />
    );
    return [
      {
        field: 'name',
        header: t('models.column.name'),
        flex: 1.6,
        minWidth: 160,
        render: ({ id, name, provider }) => (
          <TwoLines
            first={<AppLink to={recordPath('models', id)}>{name}</AppLink>}
            second={<NameText>{aboutModel({ id, name, provider })}</NameText>}
          />
        ),
      },
      {
        field: 'provider',
        header: t('models.column.provider'),
        flex: 0.7,
        minWidth: 96,
        initiallyHidden: !isRoomy,
        render: ({ provider }) => <NameText>{provider}</NameText>,
      },
      {
        field: 'inputPrice',
        header: t('models.column.inputPrice'),
        width: 110,
        align: 'right',
        render: ({ inputPricePer1k }) => <ModelPrice price={inputPricePer1k} per="thousand" />,
      },
      {
        field: 'outputPrice',
        header: t('models.column.outputPrice'),
        width: 110,
        align: 'right',
        render: ({ outputPricePer1k }) => <ModelPrice price={outputPricePer1k} per="thousand" />,
      },
      {
        field: 'contextLength',
        header: t('models.column.contextLength'),
        width: 90,
        align: 'right',
        render: ({ contextLength }) => (
          <Tokens value={contextLength === null ? null : String(contextLength)} />
        ),
      },
      {
        field: 'capabilities',
        header: t('models.column.capabilities'),
        flex: 1.2,
        minWidth: 112,
        render: ({ capabilities }) =>
          capabilities.length === 0 ? (
            <NotRecorded />
          ) : (
            <TagRow labels={capabilities.map((one) => capabilityLabel(t, one))} show={isRoomy ? 2 : 1} />
          ),
      },
      {
        field: 'state',
        header: t('records.state'),
        width: 92,
        render: ({ isActive }) => <ActiveChip active={isActive} />,
      },
      {
        field: 'subscribers',
        header: t('models.column.subscribers'),
        width: 100,
        align: 'right',
        render: ({ id }) =>
          figure(id, ({ activeSubscriptions: active, subscriptions: all }) => (
            <ActiveOfAll active={active} text="models.figure.subscribers" all={all} />
          )),
      },
      {
        field: 'apiKeys',
        header: t('models.column.apiKeys'),
        width: 56,
        align: 'right',
        render: ({ id }) =>
          figure(id, ({ activeApiKeys: active, apiKeys: all }) => (
            <ActiveOfAll active={active} text="models.figure.apiKeys" all={all} />
          )),
      },
      {
        field: 'requests',
        header: t('models.column.requests'),
        width: 82,
        align: 'right',
        render: ({ id }) => figure(id, ({ usage }) => <Count value={usage.requests} compact />),
      },
      {
        field: 'tokens',
        header: t('models.column.tokens'),
        width: 80,
        align: 'right',
        initiallyHidden: !isRoomy,
        render: ({ id }) => figure(id, ({ usage }) => <Tokens value={usage.tokens} />),
      },
      {
        field: 'cost',
        header: t('models.column.cost'),
        width: 80,
        align: 'right',
        render: ({ id }) => figure(id, ({ usage }) => <Money value={usage.cost} compact />),
      },
      {
        field: 'sync',
        header: t('models.column.sync'),
        width: 108,
        initiallyHidden: !isRoomy,
        render: ({ sync }) => <ModelSyncChip state={sync} />,
      },
      {
        field: 'lastSyncAt',
        header: t('models.column.lastSync'),
        width: 112,
        initiallyHidden: true,
        render: ({ lastSyncAt }) => (
          <Instant value={lastSyncAt} show="relative" whenNull={t('records.never')} />
        ),
      },
      {
        field: 'createdAt',
        header: t('records.created'),
        width: 116,
        initiallyHidden: true,
        render: ({ createdAt }) => <Instant value={createdAt} show="date" />,
      },
    ];
  }, [t, isRoomy, figures]);
}

/** Under a model's name: its provider and its id, as far as they are known and say more than the name. */
function aboutModel({ id, name, provider }: Pick<ModelRow, 'id' | 'name' | 'provider'>): string {
  return [provider, name === id ? '' : id].filter((part) => part !== '').join(' · ');
}

interface FigureProps {
  readonly figures: FiguresOfModels;
  readonly id: string;
  readonly show: (figures: ModelFigures) => ReactNode;
}

/** A figure of a model, or that it is still being counted. */
function Figure({ figures: { of, error }, id, show }: FigureProps): ReactNode {
  const { t } = useTranslation();
  const found = of(id);
  if (found !== undefined) return show(found);
  if (error) return <NotRecorded label={t('models.figure.failed', { reason: error.message })} />;
  return <Skeleton variant="text" width={36} role="img" aria-label={t('models.figure.waiting')} />;
}

interface ActiveOfAllProps {
  readonly active: number;
  readonly all: number;
  readonly text: 'models.figure.subscribers' | 'models.figure.apiKeys';
}

function ActiveOfAll({ active, all, text }: ActiveOfAllProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Tooltip title={t(text, { active: formatCount(active), all: formatCount(all) })}>
      <span>{formatCount(active)}</span>
    </Tooltip>
  );
}
