import LinkIcon from '@mui/icons-material/SyncOutlined';
import ScienceIcon from '@mui/icons-material/ScienceOutlined';
import { Box, Button, Paper, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import { useCanWrite } from '../api/app-state';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { demoRequests } from '../ui/demo-trace';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';

/** An empty workspace offers its two beginnings: the organisation's LiteLLM, or demo data. */
export function FirstSteps(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const status = useProcedureQuery('demo', 'status', {});
  const demo = useJob('demo', 'load');
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' }, maxWidth: 980 }}>
      <Step
        icon={<LinkIcon />}
        title={t('overview.first.linkTitle')}
        body={t('overview.first.linkBody')}
        action={
          <Button variant="contained" component={RouterLink} to="/sync">
            {t('overview.first.link')}
          </Button>
        }
      />
      <Step
        icon={<ScienceIcon />}
        title={t('overview.first.demoTitle')}
        body={
          canWrite
            ? t('overview.first.demoBody', { requests: formatCount(demoRequests) })
            : t('overview.first.readOnly')
        }
        action={
          <Button
            variant="outlined"
            disabled={!canWrite || demo.busy || status.data?.canLoad !== true}
            onClick={() => demo.start({})}
          >
            {t('overview.first.demo')}
          </Button>
        }
      >
        <JobOutcome job={demo} failedTitle={t('overview.first.demoFailed')} />
      </Step>
    </Box>
  );
}

interface StepProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly body: string;
  readonly action: ReactNode;
  readonly children?: ReactNode;
}

function Step({ icon, title, body, action, children }: StepProps): ReactElement {
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ p: 3 }}>
      <Box aria-hidden sx={{ color: 'primary.main', lineHeight: 0, '& svg': { fontSize: 30 } }}>
        {icon}
      </Box>
      <Typography variant="h2" sx={{ mt: 1.5 }}>
        {title}
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5, mb: 2 }}>
        {body}
      </Typography>
      {action}
      {children !== undefined && <Box sx={{ mt: 2 }}>{children}</Box>}
    </Paper>
  );
}
