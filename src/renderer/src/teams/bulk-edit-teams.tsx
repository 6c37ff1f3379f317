import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldName } from '../review/field-values';
import type { ChangeValue } from '../../../shared/contract/changes';
import { teamChanges, type TeamRow } from '../../../shared/contract/teams';
import type { Reference } from '../../../shared/contract/values';
import { ModelsList } from '../records/models-field';
import { PeriodField } from '../records/period-field';
import { BulkEditPanel, bulkLimit, bulkState, bulkValue } from '../review/bulk-edit';
import { formatCount } from '../ui/format';
import { reviewTeams, type TeamTargets } from './review-teams';

/** Which teams a panel is about, as they were when it was opened. */
export interface BulkTeams {
  readonly targets: TeamTargets;
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, TeamRow>;
}

interface BulkEditTeamsProps {
  /** NULL: closed. */
  readonly teams: BulkTeams | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;

/** The panel in which several teams are given the same budget, limits, models or state. */
export function BulkEditTeams({ teams, onClose, onDone }: BulkEditTeamsProps): ReactElement {
  const { t } = useTranslation();
  const counted = ({ count }: BulkTeams) => ({ count, formatted: formatCount(count) });
  return (
    <BulkEditPanel
      of={teams}
      title={(of) => t('teams.bulk.title', counted(of))}
      help={({ targets }) => t('filter' in targets ? 'teams.bulk.helpFilter' : 'edit.bulk.help')}
      schema={teamChanges}
      fields={[
        ...limits.map((name) =>
          bulkLimit<TeamRow>({ name, label: fieldName(t, name), seen: (row) => row[name] }),
        ),
        bulkValue<TeamRow, string>({
          name: 'budgetDuration',
          label: fieldName(t, 'budgetDuration'),
          seen: (row) => row.budgetDuration,
          first: 'monthly',
          input: (props) => <PeriodField {...props} />,
        }),
        bulkValue<TeamRow, readonly Reference[]>({
          name: 'allowedModels',
          label: fieldName(t, 'allowedModels'),
          besides: ['all'],
          seen: seenModels,
          first: [],
          input: (props) => <ModelsList {...props} />,
          toWanted: (models) => models.map(({ id }) => id),
        }),
        bulkState<TeamRow>(t('records.state')),
      ]}
      onReview={(of, changes, done) =>
        reviewTeams({
          ...{ targets: of.targets, changes, rows: of.rows, onDone: done },
          title: t('teams.bulk.reviewTitle', counted(of)),
        })
      }
      onClose={onClose}
      onDone={onDone}
    />
  );
}

/** Of models a row has the first few, which say nothing where there are more. */
function seenModels(row: TeamRow): ChangeValue {
  if (row.allModels) return [];
  return row.allowedModelCount > row.allowedModels.length ? [...row.allowedModels, '…'] : row.allowedModels;
}
