import { Alert, Button, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink, useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { showReview } from '../review/review-store';
import { CodeBlock } from '../ui/code-block';
import { CopyButton } from '../ui/copy-button';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { AppLink } from '../records/record-link';
import { Section } from '../ui/section';
import { Tag } from '../ui/tag';
import { TwoColumns } from '../ui/two-columns';
import { Instant } from '../ui/values';
import { batchPath, recordTrailPath } from './audit-columns';
import { actionLabel, typeLabel } from './audit-words';
import { AuditedRecord } from './audited-record';
import { ChangesSection } from './changes-section';

export type AuditEntry = AnswerOf<Contract['audit']['get']>;

export function AuditEntryScreen(): ReactElement {
  const { id = '' } = useParams();
  return <AuditEntryPage key={id} id={id} />;
}

/** One entry whole: who, what, on which record, what differed, and the raw entry. */
function AuditEntryPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('audit', 'get', { id });
  return (
    <DetailPage
      kind={t('audit.entry.one')}
      back={{ to: '/audit', label: t('app.navigation.audit') }}
      query={query}
      title={({ action }) => actionLabel(t, action)}
      description={({ createdAt }) => <Instant value={createdAt} />}
      actions={(entry) => (
        <>
          <ReportLink entry={entry} />
          <UndoButton entry={entry} />
        </>
      )}
      chips={({ resourceType }) => (resourceType === null ? null : <Tag>{typeLabel(t, resourceType)}</Tag>)}
    >
      {(entry) => (
        <>
          <TwoColumns>
            <Details entry={entry} />
            <Who entry={entry} />
          </TwoColumns>
          <ChangesSection entry={entry} />
          <RawEntry entry={entry} />
        </>
      )}
    </DetailPage>
  );
}

/** What became of somebody who left has a report of its own. */
function ReportLink({ entry: { action, batchId } }: { readonly entry: AuditEntry }): ReactElement | null {
  const { t } = useTranslation();
  if (action !== 'USER_OFFBOARD' || batchId === null) return null;
  return (
    <Button component={RouterLink} to={`/users/offboarded/${batchId}`}>
      {t('users.offboard.report.open')}
    </Button>
  );
}

/** Entries of changes that the journal has can be taken back. */
function UndoButton({ entry }: { readonly entry: AuditEntry }): ReactElement | null {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const { batchId, undoRecordId: recordId } = entry;
  if (!mayWrite || batchId === null || recordId === null) return null;
  return (
    <Button
      variant="contained"
      onClick={() =>
        showReview({
          request: { area: 'changes', procedure: 'previewUndo', input: { batchId, recordId } },
          title: t('review.undoTitle'),
        })
      }
    >
      {t('review.undo')}
    </Button>
  );
}

function Details({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const { t } = useTranslation();
  const { batchId, resourceType, resourceId } = entry;
  return (
    <Section
      title={t('audit.entry.details')}
      actions={
        resourceType !== null &&
        resourceId !== null && (
          <Button size="small" component={RouterLink} to={recordTrailPath({ resourceType, resourceId })}>
            {t('audit.entry.showRecord')}
          </Button>
        )
      }
    >
      <FieldList>
        <Field label={t('audit.entry.record')}>
          <AuditedRecord row={entry} />
        </Field>
        <Field label={t('audit.entry.when')}>
          <Instant value={entry.createdAt} />
        </Field>
        <Field label={t('audit.entry.code')} copy={entry.action}>
          <code>{entry.action}</code>
        </Field>
        <Field label={t('audit.entry.reason')} wide>
          {entry.reason}
        </Field>
        {entry.noUndo !== null && (
          <Field label={t('review.undo')} wide>
            {entry.noUndo}
          </Field>
        )}
        {resourceId !== null && (
          <Field label={t('audit.entry.resourceId')} copy={resourceId} wide>
            <code>{resourceId}</code>
          </Field>
        )}
        {batchId !== null && (
          <Field label={t('audit.entry.batch')} copy={batchId} wide>
            <Stack direction="row" sx={{ columnGap: 2, flexWrap: 'wrap', alignItems: 'baseline' }}>
              <code>{batchId}</code>
              <AppLink to={batchPath(batchId)}>{t('audit.entry.showBatch')}</AppLink>
            </Stack>
          </Field>
        )}
        <Field label={t('audit.entry.id')} copy={entry.id} wide>
          <code>{entry.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

function Who({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const { t } = useTranslation();
  const { user, osUser } = entry;
  return (
    <Section title={t('audit.entry.actor')}>
      <FieldList>
        <Field label={t('audit.entry.user')}>
          {user === null ? t('audit.entry.noUser') : <AppLink to={`/users/${user.id}`}>{user.label}</AppLink>}
        </Field>
        <Field label={t('audit.entry.osUser')}>
          {osUser === null ? null : (
            <AppLink to={`/audit?${new URLSearchParams({ osUser }).toString()}`}>{osUser}</AppLink>
          )}
        </Field>
        <Field label={t('audit.entry.host')}>{entry.host}</Field>
        <Field label={t('audit.entry.ipAddress')} copy={entry.ipAddress ?? undefined}>
          {entry.ipAddress}
        </Field>
        <Field label={t('audit.entry.userAgent')} wide>
          {entry.userAgent}
        </Field>
      </FieldList>
    </Section>
  );
}

function RawEntry({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section
      title={t('audit.entry.raw')}
      description={t('audit.entry.rawDescription')}
      actions={<CopyButton value={entry.metadata} label={t('audit.entry.rawCopy')} />}
    >
      <CodeBlock label={t('audit.entry.raw')} text={entry.metadata} />
      {entry.metadataIsCut && (
        <Alert severity="info" sx={{ mt: 1.5 }}>
          {t('audit.entry.rawCut')}
        </Alert>
      )}
    </Section>
  );
}
