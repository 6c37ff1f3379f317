import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ProxyReport } from '../../../shared/contract/sync';
import { toApiError, type ApiError } from '../api/api-error';
import { call } from '../api/client';
import { useProcedureCommand } from '../api/use-procedure';
import { ConfirmDialog } from '../components/dialogs';
import { Field, FieldList } from '../components/field-list';
import { notify } from '../components/notifications';
import { Section } from '../components/section';
import { ErrorState, LoadingLines } from '../components/states';
import { Instant } from '../components/values';
import { ProxyReportView } from './proxy-report';

const LinkForm = lazy(async () => ({ default: (await import('./link-form')).LinkForm }));

type Link = AnswerOf<Contract['sync']['status']>['link'];

interface LinkSectionProps {
  readonly link: Link;
  readonly canWrite: boolean;
}

/** Which proxy this workspace is linked to; testing, linking and unlinking it. */
export function LinkSection({ link, canWrite }: LinkSectionProps): ReactElement {
  const { t } = useTranslation();
  const [isEditing, setIsEditing] = useState(false);
  const [report, setReport] = useState<ProxyReport | null>(null);
  const showsForm = canWrite && (link === null || isEditing);
  return (
    <Section title={t(link === null ? 'sync.link.none' : 'sync.link.title')}>
      <Stack sx={{ gap: 2 }}>
        {!canWrite && <Alert severity="info">{t('sync.link.readOnly')}</Alert>}
        {link === null ? (
          <Typography variant="body2">{t('sync.link.noneBody')}</Typography>
        ) : (
          <LinkFacts link={link} />
        )}
        {showsForm && (
          <Suspense fallback={<LoadingLines lines={4} />}>
            <LinkForm
              initialBaseUrl={link?.baseUrl ?? ''}
              initialHeaderName={link?.headerName ?? 'Authorization'}
              onLinked={(answer) => {
                setReport(answer);
                setIsEditing(false);
                notify('success', t('sync.link.linked'));
              }}
            />
          </Suspense>
        )}
        {link !== null && (
          <LinkActions
            canWrite={canWrite}
            isEditing={isEditing}
            onEdit={() => setIsEditing(!isEditing)}
            onReport={setReport}
          />
        )}
        {report !== null && <ProxyReportView report={report} />}
      </Stack>
    </Section>
  );
}

function LinkFacts({ link }: { readonly link: NonNullable<Link> }): ReactElement {
  const { t } = useTranslation();
  return (
    <FieldList>
      <Field label={t('sync.link.baseUrl')} copy={link.baseUrl}>
        {link.baseUrl}
      </Field>
      <Field label={t('sync.link.key')}>
        {t(link.hasKey ? 'sync.link.keyStored' : 'sync.link.keyMissing')}
      </Field>
      <Field label={t('sync.link.header')}>{link.headerName}</Field>
      <Field label={t('sync.link.linkedAt')}>
        <Instant value={link.linkedAt} />
      </Field>
    </FieldList>
  );
}

interface LinkActionsProps {
  readonly canWrite: boolean;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onReport: (report: ProxyReport | null) => void;
}

function LinkActions({ canWrite, isEditing, onEdit, onReport }: LinkActionsProps): ReactElement {
  const { t } = useTranslation();
  const [isTesting, setIsTesting] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [isUnlinking, setIsUnlinking] = useState(false);
  const unlink = useProcedureCommand('sync', 'unlink');
  const test = (): void => {
    setIsTesting(true);
    setError(null);
    onReport(null);
    call('sync', 'test', {})
      .then(onReport, (failure: unknown) => setError(toApiError(failure)))
      .finally(() => setIsTesting(false));
  };
  return (
    <Box>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
        <Button variant="outlined" onClick={test} loading={isTesting}>
          {t('sync.test.again')}
        </Button>
        {canWrite && (
          <>
            <Button onClick={onEdit}>{isEditing ? t('common.cancel') : t('sync.link.relink')}</Button>
            <Button color="error" onClick={() => setIsUnlinking(true)}>
              {t('sync.link.unlink')}
            </Button>
          </>
        )}
      </Stack>
      {error !== null && (
        <Box sx={{ mt: 2 }}>
          <ErrorState error={error} title={t('sync.form.testFailed')} onRetry={test} />
        </Box>
      )}
      <ConfirmDialog
        open={isUnlinking}
        title={t('sync.link.unlinkTitle')}
        confirmLabel={t('sync.link.unlink')}
        onClose={() => setIsUnlinking(false)}
        onConfirm={() => {
          onReport(null);
          unlink.mutate({}, { onError: (failure) => notify('error', failure.message) });
        }}
      >
        {t('sync.link.unlinkBody')}
      </ConfirmDialog>
    </Box>
  );
}
