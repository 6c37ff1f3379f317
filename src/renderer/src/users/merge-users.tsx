import { Alert, Box, Typography } from '@mui/material';
import type { TFunction } from 'i18next';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { ChoiceGroup } from '../forms/choice-group';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { showReview } from '../review/review-store';
import { formatCount, formatInstant } from '../ui/format';
import { ErrorState, LoadingLines } from '../ui/states';

type SameAddress = AnswerOf<Contract['users']['sameAddress']>;
type Candidate = SameAddress['users'][number];

interface MergeUsersProps {
  /** The two, while the panel is open. */
  readonly ids: readonly [string, string] | null;
  readonly onClose: () => void;
}

/** The panel in which a person says which of two records of one person stays, before it is reviewed. */
export function MergeUsers({ ids, onClose }: MergeUsersProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('users.merge.title')} open={ids !== null} onClose={onClose}>
      {(panel) => ids !== null && <Candidates ids={ids} panel={panel} />}
    </EditPanel>
  );
}

function Candidates({
  ids,
  panel,
}: {
  readonly ids: readonly [string, string];
  readonly panel: PanelHandle;
}): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('users', 'sameAddress', { ids: [...ids] }, { staleTimeMs: 0 });
  const [first, second] = query.data?.users ?? [];
  if (first !== undefined && second !== undefined) {
    return (
      <MergeForm
        // What the person chose stays while the two are read again, in whichever order.
        key={[first.id, second.id].toSorted().join(' ')}
        first={first}
        second={second}
        because={query.data?.because ?? 'age'}
        panel={panel}
      />
    );
  }
  if (query.data !== undefined) {
    return (
      <Box sx={{ p: 3 }}>
        <Alert severity="info">{t('users.merge.gone')}</Alert>
      </Box>
    );
  }
  return (
    <Box sx={{ p: 3 }}>
      {query.error === null ? (
        <LoadingLines lines={4} />
      ) : (
        <ErrorState
          error={query.error}
          title={t('users.merge.failed')}
          onRetry={() => void query.refetch()}
        />
      )}
    </Box>
  );
}

interface MergeFormProps {
  readonly first: Candidate;
  readonly second: Candidate;
  readonly because: SameAddress['because'];
  readonly panel: PanelHandle;
}

function MergeForm({ first, second, because, panel }: MergeFormProps): ReactElement {
  const { t } = useTranslation();
  const [stays, setStays] = useState(first.id);
  const [into, from] = stays === first.id ? [first, second] : [second, first];
  const mayMerge = first.isActive && second.isActive;
  return (
    <PanelForm
      submitLabel={t('users.merge.review')}
      maySubmit={mayMerge}
      onSubmit={() => {
        if (mayMerge) reviewMerge(t, from, into, panel.close);
      }}
      onCancel={panel.cancel}
    >
      <Box sx={{ px: 1.5 }}>
        <ChoiceGroup
          label={t('users.merge.who')}
          name="stays"
          value={stays}
          choices={[first, second].map((user) => ({
            value: user.id,
            label: (
              <bdi>
                {user.label} · {user.email}
              </bdi>
            ),
            help: `${lastLogin(t, user)} ${t('users.merge.requests', {
              count: user.requests,
              formatted: formatCount(user.requests),
            })}`,
          }))}
          onChange={setStays}
        />
      </Box>
      <Typography variant="body2" sx={{ px: 1.5, overflowWrap: 'anywhere' }}>
        {t(`users.merge.because.${because}`, { name: first.label })}
      </Typography>
      <Typography variant="body2" sx={{ px: 1.5, color: 'text.secondary' }}>
        {t('users.merge.whoHelp')}
      </Typography>
      {!mayMerge && <Alert severity="error">{t('users.merge.inactive')}</Alert>}
    </PanelForm>
  );
}

function lastLogin(t: TFunction, { lastLoginAt }: Candidate): string {
  return lastLoginAt === null
    ? t('users.merge.neverSignedIn')
    : t('users.merge.lastLogin', { when: formatInstant(lastLoginAt) });
}

/** Shows what merging would do. Who was changed by somebody else meanwhile is merged only as taken over. */
function reviewMerge(t: TFunction, from: Candidate, into: Candidate, onDone: () => void): void {
  const target = ({ id, version }: Candidate) => ({ id, version });
  showReview({
    verb: 'merge',
    request: { area: 'users', procedure: 'previewMerge', input: { from: target(from), into: target(into) } },
    title: t('users.merge.reviewTitle', { from: from.label, into: into.label }),
    seen: (id) => ([from, into].some((user) => user.id === id) ? { isActive: true } : undefined),
    onResolve: (resolved) => {
      const now = (user: Candidate): Candidate => ({
        ...user,
        version: resolved.find(({ conflict }) => conflict.id === user.id)?.conflict.version ?? user.version,
      });
      reviewMerge(t, now(from), now(into), onDone);
    },
    onDone,
  });
}
