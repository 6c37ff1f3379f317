import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeValue } from '../../../shared/contract/changes';
import { FieldValue } from './field-values';

interface BulkNowProps {
  readonly field: string;
  /** What each of the records that were seen has; none where a filter finds them. */
  readonly values: readonly ChangeValue[];
}

/** What several records have in a field: one value, or different ones. */
export function BulkNow({ field, values }: BulkNowProps): ReactNode {
  const { t } = useTranslation();
  const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
  const [first] = distinct.values();
  if (first === undefined) return null;
  if (distinct.size > 1) return t('edit.bulk.mixed');
  return (
    <>
      {t('edit.bulk.now')} <FieldValue field={field} value={first} />
    </>
  );
}
