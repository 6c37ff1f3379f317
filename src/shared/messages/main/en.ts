import { recordsTexts } from './records';
import { litellmTexts } from './litellm';
import { hostsTexts } from './hosts';
import { consoleTexts } from './console';
import { demoTexts } from './demo';
import { databaseTexts } from './database';
import { healthTexts } from './health';
import { settingsTexts } from './settings';
import { sqlTexts } from './sql';
import { usageTexts } from './usage';
import { workspaceTexts } from './workspace';
import { changesTexts } from './changes';
import { connectionTexts } from './connection';
import { localServerTexts } from './local-server';
import { migrationsTexts } from './migrations';
import { secretsTexts } from './secrets';
import { superuserTexts } from './superuser';

/**
 * What main says to people: errors with their hints, titles of progress, findings. The part of the catalogue that the
 * screens never load: main's sentences reach them finished. Keys are read as `area.place.text`.
 */
export const mainEnglish = {
  console: consoleTexts,
  records: recordsTexts,
  litellm: litellmTexts,
  hosts: hostsTexts,
  demo: demoTexts,
  database: databaseTexts,
  workspace: workspaceTexts,
  connection: connectionTexts,
  localServer: localServerTexts,
  migrations: migrationsTexts,
  secrets: secretsTexts,
  superuser: superuserTexts,
  health: healthTexts,
  settings: settingsTexts,
  sql: sqlTexts,
  usage: usageTexts,
  changes: changesTexts,
};
