import type { AreaHandlers } from '../router/handlers';
import { getModel } from './get-model';
import { modelChoices } from './model-choices';
import { readModelFigures } from './model-figures';
import { exportModels, listModels, modelOptions } from './models-list';

export const modelsHandlers: AreaHandlers<'models'> = {
  list: listModels,
  figures: readModelFigures,
  choices: modelChoices,
  get: getModel,
  options: modelOptions,
  exportCsv: exportModels,
};
