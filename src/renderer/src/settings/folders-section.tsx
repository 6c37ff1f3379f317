import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { Field, FieldList } from '../ui/field-list';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';

type About = AnswerOf<Contract['settings']['about']>;

const folders = ['data', 'localDatabase', 'log'] as const;

/** Where the console keeps its files. */
export function FoldersSection({ query }: { readonly query: UseQueryResult<About, ApiError> }): ReactElement {
  const { t } = useTranslation();
  const { data, error } = query;
  return (
    <Section title={t('settings.folders.title')}>
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <LoadingLines lines={3} />
      ) : (
        <FieldList>
          {folders.map((name) => (
            <Field key={name} label={t(`settings.folders.${name}`)} copy={data.folders[name]} wide>
              <code>{data.folders[name]}</code>
            </Field>
          ))}
        </FieldList>
      )}
    </Section>
  );
}
