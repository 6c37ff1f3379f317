import type { AreaHandlers } from '../router/handlers';
import { modelOptions } from './model-options';

export const modelsHandlers: AreaHandlers<'models'> = { options: modelOptions };
