import type { AreaHandlers } from '../router/handlers';
import { exportModels } from './export-models';
import { getModel } from './get-model';
import { listModels } from './list-models';
import { modelChoices } from './model-choices';
import { readModelFigures } from './model-figures';
import { modelOptions } from './model-options';

export const modelsHandlers: AreaHandlers<'models'> = {
  list: listModels,
  figures: readModelFigures,
  choices: modelChoices,
  get: getModel,
  options: modelOptions,
  exportCsv: exportModels,
};
