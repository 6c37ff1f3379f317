import { Box, Button, LinearProgress, Stack, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../ui/section';
import { ErrorState } from '../ui/states';
import { FormSuperuserChoice } from './form-superuser-choice';
import { superuserRefusal } from './superuser-refusal';
import { ToWeakSignIn } from './to-weak-sign-in';
import type { ErrorEnvelope } from '../../../shared/errors';
import { ConnectionReportView } from './connection-report';
import type { ConnectionTest } from './use-connection-form';

interface CheckPanelProps {
  readonly title: string;
  readonly description: string;
  /** Absent where there is nothing to test: the local database. */
  readonly test?: {
    readonly outcome: ConnectionTest['outcome'];
    readonly onStart: () => void;
    readonly onCancel: () => void;
  };
  /** The button that connects or saves. */
  readonly submit: ReactNode;
  /** What connecting or saving failed with, if that was for what stands in the form now. */
  readonly failure: ErrorEnvelope | null | undefined;
  /** How that goes: progress, or why it failed. */
  readonly children: ReactNode;
}

/** Stays in sight while the form scrolls: testing, submitting, and what came of either. */
export function CheckPanel({
  title,
  description,
  test,
  submit,
  failure,
  children,
}: CheckPanelProps): ReactElement {
  const { t } = useTranslation();
  const outcome: ConnectionTest['outcome'] = test?.outcome ?? { state: 'idle' };
  const latest = outcome.state === 'failed' ? outcome.error : failure;
  return (
    <Box
      sx={{
        minWidth: 0,
        position: { md: 'sticky' },
        top: { md: 76 },
        maxHeight: { md: 'calc(100vh - 96px)' },
        overflowY: { md: 'auto' },
      }}
    >
      <Section title={title} description={description}>
        {/* No gap: the place where results are announced is there before them, and empty. */}
        <Stack sx={{ '& > * + :not(:empty)': { mt: 2 } }}>
          <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
            {submit}
            {test !== undefined && (
              <Button variant="outlined" loading={outcome.state === 'running'} onClick={test.onStart}>
                {t('connect.test.start')}
              </Button>
            )}
          </Stack>
          {children}
          <Box role="status">
            {outcome.state === 'running' && test !== undefined && (
              <Stack direction="row" sx={{ gap: 2, alignItems: 'center' }}>
                <Box sx={{ flex: 1 }}>
                  <Typography variant="body2" sx={{ mb: 0.75 }}>
                    {t('connect.test.running')}
                  </Typography>
                  <LinearProgress aria-label={t('connect.test.running')} />
                </Box>
                <Button size="small" onClick={test.onCancel}>
                  {t('common.cancel')}
                </Button>
              </Stack>
            )}
            {outcome.state === 'done' && <ConnectionReportView report={outcome.answer} />}
          </Box>
          {outcome.state === 'failed' && (
            <ErrorState error={outcome.error} title={t('connect.test.failed')} />
          )}
          {test !== undefined && (
            <>
              {latest?.details?.['reason'] === 'weak_sign_in' && <ToWeakSignIn />}
              <FormSuperuserChoice refusal={superuserRefusal(latest)} />
            </>
          )}
        </Stack>
      </Section>
    </Box>
  );
}
