import type { AreaHandlers } from '../router/handlers';

export const healthHandlers: AreaHandlers<'health'> = {};
