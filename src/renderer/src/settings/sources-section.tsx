import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, FieldList } from '../components/field-list';
import { Section } from '../components/section';

/** As text: the console opens no address by itself. */
const sources = [
  { name: 'trace', address: 'https://github.com/Azure/AzurePublicDataset' },
  { name: 'prices', address: 'https://github.com/BerriAI/litellm' },
  { name: 'postgres', address: 'https://www.postgresql.org/about/licence/' },
] as const;

/** Other people's work that comes with the console and is no package: data and the database server. */
export function SourcesSection(): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('settings.sources.title')}>
      <FieldList>
        {sources.map(({ name, address }) => (
          <Field
            key={name}
            label={t(`settings.sources.${name}`)}
            copy={address}
            help={t(`settings.sources.${name}Use`)}
            wide
          >
            {address}
          </Field>
        ))}
      </FieldList>
    </Section>
  );
}
