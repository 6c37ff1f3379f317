import { Box, Paper, Tab, Tabs } from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'react-router';
import { ColumnsTab } from './columns-tab';
import { ConstraintsTab } from './constraints-tab';
import { DefinitionTab } from './definition-tab';
import { PartitionsTab } from './partitions-tab';
import type { Relation } from './relation-screen';
import { RowsTab } from './rows-tab';
import { TriggersTab } from './triggers-tab';

const parts = {
  rows: RowsTab,
  columns: ColumnsTab,
  constraints: ConstraintsTab,
  triggers: TriggersTab,
  partitions: PartitionsTab,
  definition: DefinitionTab,
};
type Part = keyof typeof parts;

/** The parts that a relation of this kind has. */
function partsOf(relation: Relation): Part[] {
  const isView = relation.kind === 'view' || relation.kind === 'materialized view';
  return (Object.keys(parts) as Part[]).filter((part) => {
    if (part === 'constraints') return relation.kind !== 'view';
    if (part === 'triggers') return relation.triggers.length > 0;
    if (part === 'partitions') return relation.partitionCount > 0 || relation.kind === 'partitioned table';
    if (part === 'definition') return isView;
    return true;
  });
}

/** Rows and structure of a relation, one part at a time; which one is in the address. */
export function RelationTabs({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [params, setParams] = useSearchParams();
  const location = useLocation();
  const shownParts = partsOf(relation);
  const part = shownParts.find((known) => known === params.get('tab')) ?? 'rows';
  const Shown = parts[part];
  return (
    <Paper variant="outlined" sx={{ minWidth: 0, overflow: 'hidden' }}>
      <Tabs
        value={part}
        onChange={(_event, next: Part) =>
          setParams(
            (current) => {
              const changed = new URLSearchParams(current);
              if (next === 'rows') changed.delete('tab');
              else changed.set('tab', next);
              return changed;
            },
            // The page of rows waits for the way back.
            { replace: true, state: location.state as unknown },
          )
        }
        aria-label={t('browse.relation.tabs.label')}
        variant="scrollable"
        scrollButtons="auto"
        sx={({ vars }) => ({ px: 1, minHeight: 44, borderBottom: `1px solid ${vars?.palette.divider}` })}
      >
        {shownParts.map((known) => (
          <Tab
            key={known}
            value={known}
            id={`${id}-tab-${known}`}
            aria-controls={`${id}-panel`}
            label={t(`browse.relation.tabs.${known}`)}
            sx={{ minHeight: 44, py: 1 }}
          />
        ))}
      </Tabs>
      <Box role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${part}`}>
        <Shown relation={relation} />
      </Box>
    </Paper>
  );
}
