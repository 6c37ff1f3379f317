import type { WorkspaceState } from '../../../shared/contract/app';

/** Production looks stricter: a person must notice before changing anything. */
export function isProduction(workspace: Pick<WorkspaceState, 'environmentLabel'>): boolean {
  return /^(prod|production|live)\b/i.test(workspace.environmentLabel.trim());
}

/** What the environment is called on screen: the console's own profile is named in the person's language. */
export function environmentName(label: string, localName: string): string {
  return label === 'local' ? localName : label;
}

/** A profile's colour when it is one that CSS knows as plain hex; anything else is left to the theme. */
export function environmentColour(colour: string): string | null {
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour : null;
}
