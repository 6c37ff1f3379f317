import { Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteRecord } from '../../../shared/contract/record-parts';
import type { ToneName } from '../ui/theme';
import { useHomelessWords } from './homeless-words';
import { Field, FieldList } from '../ui/field-list';
import { Section } from '../ui/section';
import { StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';

const tones: Readonly<Record<string, ToneName>> = {
  linked: 'success',
  conflict: 'warning',
  homeless: 'warning',
  missing: 'error',
};

/** What LiteLLM knows of the record on this page, proxy by proxy: ids, state, what is to be noted, when it was seen. */
export function LitellmSection({ records }: { readonly records: readonly RemoteRecord[] }): ReactElement {
  const { t } = useTranslation();
  const words = useHomelessWords();
  return (
    <Section title={t('records.litellm.title')}>
      {records.length === 0 ? (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('records.litellm.none')}
        </Typography>
      ) : (
        <Stack sx={{ gap: 2.5 }}>
          {records.map((record) => (
            <FieldList key={`${record.proxy} ${record.remoteId ?? ''}`}>
              <Field label={t('records.litellm.state')}>
                <StatusChip tone={tones[record.state] ?? 'neutral'} label={words.state(record.state)} />
              </Field>
              <Field label={t('records.litellm.seen')}>
                <Instant value={record.seenAt} />
              </Field>
              <Field label={t('records.litellm.firstSeen')}>
                <Instant value={record.firstSeenAt} />
              </Field>
              {record.reason !== null && (
                <Field label={t('records.litellm.note')} wide>
                  {words.reason(record.reason)}
                </Field>
              )}
              {record.error !== null && (
                <Field label={t('records.litellm.error')} wide>
                  {record.error}
                </Field>
              )}
              {record.remoteId !== null && (
                <Field label={t('records.litellm.remoteId')} copy={record.remoteId} wide>
                  <code>{record.remoteId}</code>
                </Field>
              )}
              <Field label={t('records.litellm.proxy')} wide>
                {record.proxy}
              </Field>
            </FieldList>
          ))}
        </Stack>
      )}
    </Section>
  );
}
