import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { Field, FieldList } from '../ui/field-list';
import { formatBytes } from '../ui/format';
import { Section } from '../ui/section';

/** Where the local database is: the console chose it, so there is nothing to edit. */
export function LocalPlaceSection(props: {
  readonly workspace: AnswerOf<Contract['workspace']['get']>;
}): ReactElement {
  const { t } = useTranslation();
  const { connection, localDataBytes } = props.workspace;
  return (
    <Section title={t('connect.local.title')} description={t('connect.local.description')}>
      <FieldList>
        <Field label={t('connect.server.host')}>{connection.host}</Field>
        <Field label={t('connect.server.port')}>{String(connection.port)}</Field>
        <Field label={t('connect.server.database')}>{connection.database}</Field>
        <Field label={t('connect.server.user')}>{connection.user}</Field>
        <Field label={t('connect.local.size')}>
          {localDataBytes === null ? null : formatBytes(localDataBytes)}
        </Field>
      </FieldList>
    </Section>
  );
}
