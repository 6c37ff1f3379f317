import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useCanWrite } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { useEditWish } from '../records/use-edit-wish';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { visibleName } from '../ui/visible-name';
import { SubscribeButton } from '../subscriptions/new-subscriptions-button';
import { EditModel, type EditedModelField, isEditedModelField, type Model } from './edit-model';
import { PricePanel } from './price-panel';
import { ReplaceModel } from './replace-model';
import { reviewRetirement } from './review-models';
import { TestModel } from './test-model';

interface ModelActionsProps {
  readonly model: Model;
  readonly priceNow: AnswerOf<Contract['models']['get']>['priceNow'];
}

/** What can be done with a model: edit, price, deactivate or reactivate, replace, retire. Where it can't be done it says why. */
export function ModelActions({ model, priceNow }: ModelActionsProps): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useCanWrite();
  const [panel, setPanel] = useState<'edit' | 'price' | 'test' | 'replace' | null>(null);
  const [field, setField] = useState<EditedModelField>();
  const { id, version, isActive, isOfLitellm } = model;
  const name = visibleName(model.name);
  const targets = { selected: [{ id, version }] };
  const edit = (at?: EditedModelField): void => {
    setField(at);
    setPanel('edit');
  };
  const switchActive = (): void =>
    showReview({
      request: {
        area: 'models',
        procedure: 'previewUpdate',
        input: { targets, changes: { isActive: !isActive } },
      },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name }),
    });
  const retire = (): void =>
    reviewRetirement(targets, {
      title: t('models.edit.retireTitle', { name }),
      instead: { label: t('models.replace.instead'), run: () => setPanel('replace') },
    });
  const mayPrice = mayWrite && !isOfLitellm;
  useEditWish(mayWrite, (wished) => {
    if (isEditedModelField(wished)) edit(wished);
    else if (wished === 'isActive') switchActive();
  });
  usePageAction('editModel', mayWrite ? () => edit() : undefined);
  usePageAction('setModelPrice', mayPrice ? () => setPanel('price') : undefined);
  usePageAction('deactivateModel', mayWrite && isActive ? switchActive : undefined);
  usePageAction('reactivateModel', mayWrite && !isActive ? switchActive : undefined);
  usePageAction('testModel', mayWrite ? () => setPanel('test') : undefined);
  usePageAction('replaceModel', mayWrite ? () => setPanel('replace') : undefined);
  usePageAction('retireModel', mayWrite && isActive ? retire : undefined);
  const readOnly = mayWrite ? undefined : t('models.edit.readOnly');
  return (
    <>
      <ActionButton
        color="error"
        onClick={retire}
        obstacle={readOnly ?? (isActive ? undefined : t('models.edit.isRetired'))}
      >
        {t('models.edit.retire')}
      </ActionButton>
      <ActionButton onClick={() => setPanel('test')} obstacle={readOnly}>
        {t('models.test.button')}
      </ActionButton>
      <ActionButton onClick={() => setPanel('replace')} obstacle={readOnly}>
        {t('models.replace.button')}
      </ActionButton>
      <ActionButton onClick={switchActive} obstacle={readOnly}>
        {t(isActive ? 'edit.deactivate' : 'edit.reactivate')}
      </ActionButton>
      <ActionButton
        onClick={() => setPanel('price')}
        obstacle={readOnly ?? (isOfLitellm ? t('models.edit.priceOfLitellm') : undefined)}
      >
        {t('models.edit.setPrice')}
      </ActionButton>
      {isActive && <SubscribeButton users={[]} models={[{ id, label: model.name }]} />}
      <ActionButton variant="contained" onClick={() => edit()} obstacle={readOnly}>
        {t('edit.button')}
      </ActionButton>
      <EditModel model={model} open={panel === 'edit'} field={field} onClose={() => setPanel(null)} />
      <TestModel model={panel === 'test' ? { id, label: model.name } : null} onClose={() => setPanel(null)} />
      <ReplaceModel
        model={panel === 'replace' ? { id, label: model.name } : null}
        onClose={() => setPanel(null)}
      />
      {priceNow !== null && (
        <PricePanel
          model={model}
          priceNow={priceNow}
          open={panel === 'price'}
          onClose={() => setPanel(null)}
        />
      )}
    </>
  );
}
