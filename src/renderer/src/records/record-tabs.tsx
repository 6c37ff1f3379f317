import { Box, Stack, Tab, Tabs } from '@mui/material';
import { useId, type ReactElement, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';

interface RecordTab {
  /** In the address: `?tab=usage`. */
  readonly name: string;
  readonly label: string;
  readonly content: () => ReactNode;
}

interface RecordTabsProps {
  /** What the tabs are parts of, read aloud. */
  readonly label: string;
  /** The first is shown where the address names none. */
  readonly tabs: readonly [RecordTab, ...RecordTab[]];
}

/** The parts of a record's page, one at a time; which one is in the address. What is not shown asks nothing. */
export function RecordTabs({ label, tabs }: RecordTabsProps): ReactElement {
  const id = useId();
  const [params, setParams] = useSearchParams();
  const [first] = tabs;
  const shown = tabs.find(({ name }) => name === params.get('tab')) ?? first;
  const choose = (next: string): void =>
    setParams(
      (current) => {
        const changed = new URLSearchParams(current);
        if (next === first.name) changed.delete('tab');
        else changed.set('tab', next);
        return changed;
      },
      { replace: true },
    );
  return (
    <Box sx={{ minWidth: 0 }}>
      <Tabs
        value={shown.name}
        onChange={(_event, next: string) => choose(next)}
        aria-label={label}
        variant="scrollable"
        scrollButtons="auto"
        sx={({ vars }) => ({ mb: 2, minHeight: 44, borderBottom: `1px solid ${vars?.palette.divider}` })}
      >
        {tabs.map((tab) => (
          <Tab
            key={tab.name}
            value={tab.name}
            id={`${id}-tab-${tab.name}`}
            aria-controls={`${id}-panel`}
            label={tab.label}
            sx={{ minHeight: 44, py: 1 }}
          />
        ))}
      </Tabs>
      <Stack role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${shown.name}`} sx={{ gap: 2 }}>
        {shown.content()}
      </Stack>
    </Box>
  );
}
