import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthFinding } from '../../../shared/contract/health';
import type { ToneName } from '../ui/theme';
import { formatCount } from '../ui/format';
import { StatusChip } from '../ui/status-chip';

type Severity = HealthFinding['severity'];

const tones: Record<Severity, ToneName> = { error: 'error', warning: 'warning', info: 'info' };

export function SeverityChip({ severity }: { readonly severity: Severity }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={tones[severity]} label={t(`health.severity.${severity}`)} />;
}

/** How many findings of one severity there are; nothing for none. */
export function SeverityCount({
  severity,
  count,
}: {
  readonly severity: Severity;
  readonly count: number;
}): ReactElement | null {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <StatusChip
      tone={tones[severity]}
      label={t(`health.severity.${severity}s`, { count, formatted: formatCount(count) })}
    />
  );
}
