import { healthTexts } from './health';
import { settingsTexts } from './settings';
import { sqlTexts } from './sql';
import { workspaceTexts } from './workspace';

/**
 * What main says to people: errors with their hints, titles of progress, findings. The part of the catalogue that the
 * screens never load: main's sentences reach them finished. Keys are read as `area.place.text`.
 */
export const mainEnglish = {
  workspace: workspaceTexts,
  health: healthTexts,
  settings: settingsTexts,
  sql: sqlTexts,
};
