export { createSyncHandlers, syncHandlers } from './sync-handlers';
