import { Box, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { CopyButton } from '../ui/copy-button';
import { EmptyState } from '../ui/states';
import { AnswerPanel } from './answer-panel';
import { PlanTable } from './plan-table';

export type Plan = AnswerOf<Contract['sql']['plan']>;

interface PlanPanelProps {
  readonly plan: Plan;
  /** The statement was run for it. */
  readonly isAnalysed: boolean;
}

type View = 'nodes' | 'text';

/** How PostgreSQL runs a statement: as steps with their share of the work, or as EXPLAIN writes it. */
export function PlanPanel({ plan, isAnalysed }: PlanPanelProps): ReactElement {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('nodes');
  return (
    <AnswerPanel
      label={t('sql.planView.title')}
      summary={t(isAnalysed ? 'sql.planView.analysed' : 'sql.planView.title')}
      elapsedMs={plan.elapsedMs}
      actions={
        <>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={view}
            onChange={(_event, next: View | null) => {
              if (next !== null) setView(next);
            }}
            aria-label={t('sql.planView.view')}
          >
            <ToggleButton value="nodes" sx={{ py: 0.375 }}>
              {t('sql.planView.nodes')}
            </ToggleButton>
            <ToggleButton value="text" sx={{ py: 0.375 }}>
              {t('sql.planView.text')}
            </ToggleButton>
          </ToggleButtonGroup>
          <CopyButton value={plan.text} label={t('sql.planView.copy')} />
        </>
      }
    >
      {view === 'text' ? (
        <Box
          component="pre"
          tabIndex={0}
          role="region"
          aria-label={t('sql.planView.text')}
          sx={{
            m: 0,
            px: 2,
            py: 1.5,
            overflow: 'auto',
            maxHeight: '70vh',
            fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
            fontSize: '0.8125rem',
            lineHeight: 1.55,
          }}
        >
          {plan.text}
        </Box>
      ) : plan.nodes.length === 0 ? (
        <EmptyState title={t('sql.planView.noNodes')} />
      ) : (
        <PlanTable nodes={plan.nodes} isAnalysed={isAnalysed} />
      )}
    </AnswerPanel>
  );
}
