import { Alert, Box, Button, Paper } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/api-error';
import type { CallState } from '../api/use-cancellable-call';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { errorPosition, isUnconfirmed, lineAndColumn, type Asked } from './asked';
import { CodeConfirmation } from './code-confirmation';
import { PlanPanel, type Plan } from './plan-panel';
import { ResultPanel, type Result } from './result-panel';

interface OutcomeProps {
  readonly asked: Asked | null;
  readonly result: CallState<Result>;
  readonly plan: CallState<Plan>;
  /** Leads into the editor, to a place from 0 on. */
  readonly onGoTo: (position: number) => void;
  /** Lets the last statement run with this code of the database's own. */
  readonly onConfirm: (ids: readonly string[]) => void;
}

/**
 * What came of the last statement: rows, a plan, a refusal, or nothing yet. What was there before stays in sight,
 * paler, until the next answer: quick statements must not make the page jump.
 */
export function Outcome(props: OutcomeProps): ReactElement {
  const { asked, result, plan } = props;
  const isRunning = result.state === 'running' || plan.state === 'running';
  const [settled, setSettled] = useState(props);
  if (!isRunning && (settled.asked !== asked || settled.result !== result || settled.plan !== plan))
    setSettled(props);
  if (isRunning && (settled.asked === null || settled.asked === asked)) {
    return (
      <Paper variant="outlined" sx={{ px: 2, py: 1.5 }}>
        <LoadingLines lines={6} />
      </Paper>
    );
  }
  return (
    <Box aria-busy={isRunning} inert={isRunning} sx={isRunning ? { opacity: 0.5 } : {}}>
      <Settled {...(isRunning ? settled : props)} />
    </Box>
  );
}

function Settled({ asked, result, plan, onGoTo, onConfirm }: OutcomeProps): ReactElement | null {
  const { t } = useTranslation();
  if (asked === null) {
    return (
      <Paper variant="outlined">
        <EmptyState title={t('sql.nothingRun')} body={t('sql.nothingRunBody')} />
      </Paper>
    );
  }
  const current = asked.what === 'run' ? result : plan;
  if (current.state === 'failed' && isUnconfirmed(current.error))
    return <CodeConfirmation asked={asked} onConfirm={onConfirm} />;
  if (current.state === 'failed') return <Refusal asked={asked} error={current.error} onGoTo={onGoTo} />;
  if (current.state === 'cancelled') {
    return (
      <Alert severity="info" role="status">
        {t('sql.cancelled')}
      </Alert>
    );
  }
  if (asked.what === 'run' && result.state === 'done')
    return <ResultPanel result={result.answer} asked={asked} />;
  if (asked.what !== 'run' && plan.state === 'done')
    return <PlanPanel plan={plan.answer} isAnalysed={asked.what === 'analyze'} />;
  return null;
}

interface RefusalProps {
  readonly asked: Asked;
  readonly error: ApiError;
  readonly onGoTo: (position: number) => void;
}

function Refusal({ asked, error, onGoTo }: RefusalProps): ReactElement {
  const { t } = useTranslation();
  const position = errorPosition(asked, error);
  return (
    <ErrorState
      error={error}
      title={t('sql.failed')}
      action={
        position !== null && (
          <Button size="small" variant="outlined" color="inherit" onClick={() => onGoTo(position)}>
            {t('sql.goToPlace', lineAndColumn(asked.statement, position - asked.offset))}
          </Button>
        )
      }
    />
  );
}
