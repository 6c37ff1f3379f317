import type { AreaHandlers } from '../router/handlers';

export const searchHandlers: AreaHandlers<'search'> = {};
