import { Alert, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthGroup, RepairRequest } from '../../../shared/contract/health';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { FindingItem } from './finding-item';
import { SeverityCount } from './severity';
import type { GroupQuery } from './use-health-check';

interface GroupSectionProps {
  readonly group: HealthGroup;
  readonly query: GroupQuery;
  /** False where all groups failed: it is said once, for all of them. */
  readonly saysFailure: boolean;
  readonly canWrite: boolean;
  readonly onRepair: (request: RepairRequest) => void;
}

/** One group of checks with what it found. */
export function GroupSection(props: GroupSectionProps): ReactElement {
  const { group, query, saysFailure, canWrite, onRepair } = props;
  const { t } = useTranslation();
  const { data, error } = query;
  const findings = data?.findings ?? [];
  const unnamed = (data?.total ?? 0) - findings.length;
  return (
    <Section
      title={t(`health.group.${group}.title`)}
      description={t(`health.group.${group}.description`)}
      actions={<GroupState query={query} />}
      flush
    >
      <Stack sx={{ gap: 1.5, px: 2.5, '& > :last-child': { mb: 1.5 } }}>
        {error !== null && saysFailure && (
          <ErrorState error={error} title={t('health.group.failed')} onRetry={() => void query.refetch()} />
        )}
        {query.isPending && <LoadingLines lines={2} />}
        {error === null &&
          data?.notes.map((note) => (
            <Typography key={note} variant="body2" sx={{ color: 'text.secondary' }}>
              {note}
            </Typography>
          ))}
      </Stack>
      {findings.length > 0 && (
        <Stack component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {findings.map((finding) => (
            <FindingItem key={finding.id} finding={finding} canWrite={canWrite} onRepair={onRepair} />
          ))}
        </Stack>
      )}
      {unnamed > 0 && (
        <Alert severity="info" sx={{ mx: 2.5, my: 1.5 }}>
          {t('health.group.more', { count: unnamed, formatted: formatCount(unnamed) })}
        </Alert>
      )}
    </Section>
  );
}

function GroupState({ query: { data, isError } }: { readonly query: GroupQuery }): ReactElement | null {
  const { t } = useTranslation();
  if (isError) return <StatusChip tone="neutral" label={t('health.group.notChecked')} />;
  if (data === undefined) return null;
  if (!data.applies) return <StatusChip tone="neutral" label={t('health.group.notApplicable')} />;
  if (data.total === 0) return <StatusChip tone="success" label={t('health.group.fine')} />;
  return (
    <>
      {(['error', 'warning', 'info'] as const).map((severity) => (
        <SeverityCount
          key={severity}
          severity={severity}
          count={data.findings.filter((finding) => finding.severity === severity).length}
        />
      ))}
    </>
  );
}
