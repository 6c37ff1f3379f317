import type { AreaHandlers } from '../router/handlers';

export const settingsHandlers: AreaHandlers<'settings'> = {};
