import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ProxyReport } from '../../../shared/contract/sync';
import type { ApiError } from '../api/api-error';
import { useProcedureCommand, useProcedureQuery } from '../api/use-procedure';
import { ConfirmDialog } from '../ui/dialogs';
import { Field, FieldList } from '../ui/field-list';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { Instant } from '../ui/values';
import { ProxyReportView } from './proxy-report';

const LinkForm = lazy(async () => ({ default: (await import('./link-form')).LinkForm }));

/** Each report is a few calls to the proxy. */
const reportIsFreshMs = 10 * 60_000;

type Link = AnswerOf<Contract['sync']['status']>['link'];

interface LinkSectionProps {
  readonly link: Link;
  readonly canWrite: boolean;
}

/** Which proxy this workspace is linked to, what it says about itself; testing, linking and unlinking it. */
export function LinkSection({ link, canWrite }: LinkSectionProps): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
  // Asked by itself, so that a security warning is seen without looking for it.
  const report = useProcedureQuery(
    'sync',
    'test',
    {},
    { enabled: link?.hasKey === true && !isEditing, staleTimeMs: reportIsFreshMs },
  );
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
        {link?.hasKey === false && <Alert severity="warning">{t('sync.link.keyMissingHelp')}</Alert>}
        {showsForm && (
          <Suspense fallback={<LoadingLines lines={4} />}>
            <LinkForm
              initialBaseUrl={link?.baseUrl ?? ''}
              initialHeaderName={link?.headerName ?? 'Authorization'}
              initialCaFile={link?.caFile ?? null}
              initialProxy={link?.proxy ?? null}
              onLinked={(answer) => {
                queryClient.setQueryData(['sync', 'test', {}], answer);
                setIsEditing(false);
                notify('success', t('sync.link.linked'));
              }}
            />
          </Suspense>
        )}
        {link !== null && (
          <LinkActions
            canWrite={canWrite}
            canTest={link.hasKey}
            isEditing={isEditing}
            isTesting={report.isFetching}
            onEdit={() => setIsEditing(!isEditing)}
            onTest={() => void report.refetch()}
          />
        )}
        {link?.hasKey === true && !isEditing && <Report query={report} />}
      </Stack>
    </Section>
  );
}

function Report({ query }: { readonly query: UseQueryResult<ProxyReport, ApiError> }): ReactElement {
  const { t } = useTranslation();
  if (query.error !== null && !query.isFetching) {
    return (
      <ErrorState
        error={query.error}
        title={t('sync.form.testFailed')}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return query.data === undefined ? <LoadingLines lines={2} /> : <ProxyReportView report={query.data} />;
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
  readonly canTest: boolean;
  readonly isEditing: boolean;
  readonly isTesting: boolean;
  readonly onEdit: () => void;
  readonly onTest: () => void;
}

function LinkActions(props: LinkActionsProps): ReactElement {
  const { canWrite, canTest, isEditing, isTesting, onEdit, onTest } = props;
  const { t } = useTranslation();
  const [isUnlinking, setIsUnlinking] = useState(false);
  const unlink = useProcedureCommand('sync', 'unlink');
  return (
    <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
      {canTest && (
        <Button variant="outlined" onClick={onTest} loading={isTesting} disabled={isEditing}>
          {t('sync.test.again')}
        </Button>
      )}
      {canWrite && (
        <>
          <Button onClick={onEdit}>{isEditing ? t('common.cancel') : t('sync.link.relink')}</Button>
          <Button color="error" onClick={() => setIsUnlinking(true)}>
            {t('sync.link.unlink')}
          </Button>
        </>
      )}
      <ConfirmDialog
        open={isUnlinking}
        title={t('sync.link.unlinkTitle')}
        confirmLabel={t('sync.link.unlinkConfirm')}
        onClose={() => setIsUnlinking(false)}
        onConfirm={() => unlink.mutate({}, { onError: (failure) => notify('error', failure.message) })}
      >
        {t('sync.link.unlinkBody')}
      </ConfirmDialog>
    </Stack>
  );
}
