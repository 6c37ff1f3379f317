import { lazy, Suspense, useState, type ReactElement } from 'react';
import { loadAllMessages } from '../ui/i18n';
import { showPanel, usePanel, type Panel } from './panels';
import { useCommandContext } from './use-command-context';
import { useShortcuts } from './use-shortcuts';

// Both come with their first use, and their texts with them.
const Palette = lazy(async () => {
  const [{ Palette: component }] = await Promise.all([import('./palette'), loadAllMessages()]);
  return { default: component };
});
const ShortcutSheet = lazy(async () => {
  const [{ ShortcutSheet: component }] = await Promise.all([import('./shortcut-sheet'), loadAllMessages()]);
  return { default: component };
});

const noPanels: ReadonlySet<Panel> = new Set();

/** Keyboard shortcuts, the command palette and the shortcut sheet, over every screen. */
export function SearchHost(): ReactElement {
  const context = useCommandContext();
  useShortcuts(context);
  const panel = usePanel();
  // Once opened they stay, to close as they opened and to give the focus back.
  const [opened, setOpened] = useState(noPanels);
  if (panel !== null && !opened.has(panel)) setOpened(new Set([...opened, panel]));
  const close = (): void => showPanel(null);
  return (
    <Suspense>
      {opened.has('palette') && <Palette open={panel === 'palette'} context={context} onClose={close} />}
      {opened.has('shortcuts') && <ShortcutSheet open={panel === 'shortcuts'} onClose={close} />}
    </Suspense>
  );
}
