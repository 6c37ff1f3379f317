import {
  Box,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDuration, formatShare } from '../ui/format';
import { NotRecorded } from '../ui/values';
import { VisuallyHidden } from '../ui/visually-hidden';
import type { Plan } from './plan-panel';

type PlanNode = Plan['nodes'][number];

interface PlanTableProps {
  readonly nodes: readonly PlanNode[];
  readonly isAnalysed: boolean;
}

/** From this share on a step is worth a look. */
const heavyShare = 0.3;
const indentPx = 20;
/** Deeper steps are indented no further, so that their text keeps its room. */
const deepestIndent = 12;

/** The steps of a plan, each below the one that reads from it. */
export function PlanTable({ nodes, isAnalysed }: PlanTableProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer tabIndex={0} role="group" aria-label={t('sql.planView.nodes')} sx={{ maxHeight: '70vh' }}>
      <Table
        size="small"
        stickyHeader
        aria-label={t('sql.planView.nodes')}
        sx={{ '& .MuiTableCell-alignRight': { whiteSpace: 'nowrap' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2 }}>{t('sql.planView.step')}</TableCell>
            <TableCell>{t(isAnalysed ? 'sql.planView.shareOfTime' : 'sql.planView.shareOfCost')}</TableCell>
            {isAnalysed && <TableCell align="right">{t('sql.planView.actualMs')}</TableCell>}
            {isAnalysed && <TableCell align="right">{t('sql.planView.actualRows')}</TableCell>}
            <TableCell align="right">{t('sql.planView.planRows')}</TableCell>
            <TableCell align="right">{t('sql.planView.cost')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {nodes.map((node, at) => (
            <TableRow key={at} sx={{ verticalAlign: 'top' }}>
              <TableCell sx={{ minWidth: 280 }}>
                <Step node={node} />
              </TableCell>
              <TableCell>
                <Share share={node.share} />
              </TableCell>
              {isAnalysed && (
                <TableCell align="right">
                  {node.actualMs === null ? (
                    <NotRecorded label={t('sql.planView.never')} />
                  ) : (
                    formatDuration(node.actualMs)
                  )}
                </TableCell>
              )}
              {isAnalysed && (
                <TableCell align="right">
                  {node.actualRows === null ? (
                    <NotRecorded label={t('sql.planView.never')} />
                  ) : (
                    formatCount(node.actualRows)
                  )}
                </TableCell>
              )}
              <TableCell align="right">{formatCount(node.planRows)}</TableCell>
              <TableCell align="right">{formatCount(Math.round(node.totalCost))}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function Step({ node: { depth, name, detail } }: { readonly node: PlanNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box sx={{ pl: `${Math.min(depth, deepestIndent) * indentPx + 4}px` }}>
      <VisuallyHidden>{t('sql.planView.level', { depth: formatCount(depth + 1) })} </VisuallyHidden>
      <Typography variant="body2" component="span" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
        {name}
      </Typography>
      {detail !== null && (
        <Typography
          variant="caption"
          component="div"
          sx={{ color: 'text.secondary', overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}
        >
          {detail}
        </Typography>
      )}
    </Box>
  );
}

/** A share as a bar and in figures. */
function Share({ share }: { readonly share: number }): ReactElement {
  return (
    <Stack direction="row" sx={{ alignItems: 'center', gap: 1, minWidth: 120 }}>
      <Box
        aria-hidden
        sx={({ vars }) => ({
          flex: 1,
          height: 8,
          borderRadius: 1,
          overflow: 'hidden',
          backgroundColor: vars?.palette.console.tone.neutral.ground,
        })}
      >
        <Box
          sx={({ vars }) => ({
            width: `${Math.min(1, Math.max(0, share)) * 100}%`,
            height: '100%',
            backgroundColor:
              share >= heavyShare ? vars?.palette.console.tone.warning.ink : vars?.palette.primary.main,
          })}
        />
      </Box>
      <Box
        component="span"
        sx={{ width: 44, textAlign: 'right', fontWeight: share >= heavyShare ? 650 : 400 }}
      >
        {formatShare(share)}
      </Box>
    </Stack>
  );
}
