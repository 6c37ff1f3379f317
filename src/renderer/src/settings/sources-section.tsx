import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { outsideAddresses } from '../../../shared/outside-addresses';
import { Field, FieldList } from '../ui/field-list';
import { Section } from '../ui/section';

/** As text: the console opens no address by itself. */
const sources = ['trace', 'prices', 'postgres'] as const;

/** Other people's work that comes with the console and is no package: data and the database server. */
export function SourcesSection(): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('settings.sources.title')}>
      <FieldList>
        {sources.map((name) => (
          <Field
            key={name}
            label={t(`settings.sources.${name}`)}
            copy={outsideAddresses[name]}
            help={t(`settings.sources.${name}Use`)}
            wide
          >
            {outsideAddresses[name]}
          </Field>
        ))}
      </FieldList>
    </Section>
  );
}
