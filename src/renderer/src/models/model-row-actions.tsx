import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelRow } from '../../../shared/contract/models';
import type { Reference } from '../../../shared/contract/values';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { useRowBasics, useRowEditing } from '../records/use-row-editing';
import { visibleName } from '../ui/visible-name';
import { NewSubscriptions, type SubscriptionWish } from '../subscriptions/new-subscriptions';
import { EditModel, type Model } from './edit-model';
import { PricePanel } from './price-panel';
import { ReplaceModel } from './replace-model';
import { reviewModels, reviewRetirement } from './review-models';

/** What can be done with one model of a list, and the panels in which that model is edited beside it. */
export function useModelRowActions(): {
  readonly actions: (row: ModelRow) => readonly RowAction[];
  readonly panel: ReactElement;
} {
  const { t } = useTranslation();
  const readModel = async (id: string) => {
    const { model, priceNow } = await call('models', 'get', { id });
    // The catalogue lost it meanwhile.
    if (model === null || priceNow === null) throw new Error(t('models.page.goneTitle'));
    return { model, priceNow };
  };
  const obstacle = useCanWrite() ? undefined : t('models.edit.readOnly');
  const basics = useRowBasics('models');
  const [replaced, setReplaced] = useState<Reference | null>(null);
  const [wish, setWish] = useState<SubscriptionWish | null>(null);
  const editing = useRowEditing<Model>({
    read: async (id) => (await readModel(id)).model,
    panel: (model, open, onClose) => <EditModel model={model} open={open} onClose={onClose} />,
  });
  const pricing = useRowEditing({
    read: async (id) => {
      const { model, priceNow } = await readModel(id);
      return { id, version: model.version, model, priceNow };
    },
    panel: ({ model, priceNow }, open, onClose) => (
      <PricePanel model={model} priceNow={priceNow} open={open} onClose={onClose} />
    ),
  });
  const switchActive = (row: ModelRow): void => {
    const { id, version, isActive } = row;
    reviewModels({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name: visibleName(row.name) }),
      rows: new Map([[id, row]]),
    });
  };
  const retire = ({ id, version, name }: ModelRow): void =>
    reviewRetirement(
      { selected: [{ id, version }] },
      {
        title: t('models.edit.retireTitle', { name: visibleName(name) }),
        instead: { label: t('models.replace.instead'), run: () => setReplaced({ id, label: name }) },
      },
    );
  return {
    actions: (row) => {
      const { open, copyId } = basics(row.id, visibleName(row.name));
      return [
        open,
        { id: 'edit', label: t('edit.row.edit'), run: () => editing.edit(row.id), obstacle },
        {
          id: 'setPrice',
          label: t('models.edit.setPriceEllipsis'),
          run: () => pricing.edit(row.id),
          obstacle: obstacle ?? (row.isOfLitellm ? t('models.edit.priceOfLitellm') : undefined),
        },
        {
          id: 'subscribeUsers',
          label: t('subscriptions.create.subscribeUsers'),
          run: () => setWish({ users: [], models: [{ id: row.id, label: row.name }] }),
          obstacle: obstacle ?? (row.isActive ? undefined : t('models.edit.isRetired')),
        },
        {
          id: 'switchActive',
          label: t(row.isActive ? 'edit.row.deactivate' : 'edit.row.reactivate'),
          run: () => switchActive(row),
          obstacle,
        },
        {
          id: 'replace',
          label: t('models.replace.button'),
          run: () => setReplaced({ id: row.id, label: row.name }),
          obstacle,
        },
        {
          id: 'retire',
          label: t('models.edit.retireEllipsis'),
          run: () => retire(row),
          obstacle: obstacle ?? (row.isActive ? undefined : t('models.edit.isRetired')),
        },
        copyId,
      ];
    },
    panel: (
      <>
        {editing.panel}
        {pricing.panel}
        <ReplaceModel model={replaced} onClose={() => setReplaced(null)} />
        <NewSubscriptions wish={wish} onClose={() => setWish(null)} />
      </>
    ),
  };
}
