import { Alert, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeResult } from '../../../shared/contract/changes';
import { formatCount } from '../ui/format';
import { visibleName } from '../ui/visible-name';

type Problem = ChangeResult['problems'][number];

/** How many records were changed, which were not, and why: those with the same reason together. */
export function Problems({ result }: { readonly result: ChangeResult }): ReactElement | null {
  const { t } = useTranslation();
  const { problems, problemCount, done } = result;
  if (problemCount === 0) return null;
  return (
    <Stack sx={{ gap: 1.5 }} role="status">
      <Typography variant="body2">
        {t('review.counts.done', { count: done, formatted: formatCount(done) })}
      </Typography>
      <Typography variant="h3">
        {t('review.problems')} ({formatCount(problemCount)})
      </Typography>
      {bySameReason(problems).map(([first, names]) => (
        <Alert key={`${first.outcome} ${first.text}`} severity="error">
          {t(`review.outcome.${first.outcome}`)} ({formatCount(names.length)}). {first.text}
          <Typography
            variant="body2"
            component="ul"
            sx={{ m: 0, mt: 0.5, pl: 2.5, maxHeight: 160, overflowY: 'auto' }}
          >
            {names.map(({ id, label }) => (
              <li key={id}>
                <bdi>{visibleName(label)}</bdi>
              </li>
            ))}
          </Typography>
        </Alert>
      ))}
      {problemCount > problems.length && (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('review.firstOf', { shown: formatCount(problems.length), formatted: formatCount(problemCount) })}
        </Typography>
      )}
    </Stack>
  );
}

/** How many it may help to try again: what is gone or was changed by somebody else meanwhile stays so. */
export function retriable({ problems, problemCount }: ChangeResult): number {
  const hopeless = problems.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'refused').length;
  return problemCount - hopeless;
}

function bySameReason(problems: readonly Problem[]): [Problem, readonly Problem[]][] {
  const groups = new Map<string, [Problem, readonly Problem[]]>();
  for (const problem of problems) {
    const key = `${problem.outcome} ${problem.text}`;
    groups.set(key, [problem, [...(groups.get(key)?.[1] ?? []), problem]]);
  }
  return [...groups.values()];
}
