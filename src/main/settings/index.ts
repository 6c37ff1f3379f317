export { createSettingsHandlers } from './settings-handlers';
