import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { Field, FieldList } from '../ui/field-list';
import { Section } from '../ui/section';
import { EmptyState } from '../ui/states';
import { Count, Money } from '../ui/values';

type Unattributed = AnswerOf<Contract['sync']['status']>['unattributed'];

/** How much usage leads to no subscription. */
export function UnattributedSection({ unattributed }: { readonly unattributed: Unattributed }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('sync.unattributed.title')} description={t('sync.unattributed.description')}>
      {unattributed.requests === '0' ? (
        <EmptyState title={t('sync.unattributed.none')} />
      ) : (
        <FieldList>
          <Field label={t('sync.unattributed.requests')}>
            <Count value={unattributed.requests} />
          </Field>
          <Field label={t('sync.unattributed.cost')}>
            <Money value={unattributed.cost} />
          </Field>
        </FieldList>
      )}
    </Section>
  );
}
