import type { AreaHandlers } from '../router/handlers';

export const auditHandlers: AreaHandlers<'audit'> = {};
