import type { Palette } from '@mui/material/styles';
import type { WorkspaceState } from '../../../shared/contract/app';
import type { WorkspaceSettings } from '../../../shared/contract/workspace';

/** Production looks stricter: a person must notice before changing anything. */
export function isProduction(workspace: Pick<WorkspaceState, 'environmentLabel'>): boolean {
  return /^(prod|production|live)\b/i.test(workspace.environmentLabel.trim());
}

/** What the environment is called on screen: the console's own profile is named in the person's language. */
export function environmentName(label: string, localName: string): string {
  return label === 'local' ? localName : label;
}

type Colour = Exclude<WorkspaceSettings['colour'], ''>;

const colours: Record<Colour, (palette: Palette['console']) => string | undefined> = {
  grey: ({ tone }) => tone.neutral.ink,
  blue: ({ tone }) => tone.info.ink,
  green: ({ tone }) => tone.success.ink,
  amber: ({ tone }) => tone.warning.ink,
  red: ({ tone }) => tone.error.ink,
  purple: ({ chart }) => chart['2'],
};

/**
 * A workspace's colour in the theme's own inks, so that it can be seen in light and dark. Red where production chose
 * none; null where there is nothing to show.
 */
export function environmentColour(
  workspace: Pick<WorkspaceState, 'colour' | 'environmentLabel'>,
  palette: Palette['console'],
): string | null {
  const { colour } = workspace;
  if (Object.hasOwn(colours, colour)) return colours[colour as Colour](palette) ?? null;
  return isProduction(workspace) ? palette.tone.error.ink : null;
}
