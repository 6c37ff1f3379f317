import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-model';
import { getModel } from './get-model';
import { modelChoices } from './model-choices';
import { readModelFigures } from './model-figures';
import { previewEdits, previewUpdate } from './preview-models';
import { previewPrice } from './preview-price';
import { previewRetire } from './preview-retire';
import { testModel, testTerms } from './test-model';
import { previewReplace } from './replace/preview-replace';
import { exportModels, listModels, modelOptions } from './models-list';

export const modelsHandlers: AreaHandlers<'models'> = {
  list: listModels,
  figures: readModelFigures,
  choices: modelChoices,
  get: getModel,
  options: modelOptions,
  previewUpdate,
  previewEdits,
  previewPrice,
  previewCreate,
  previewRetire,
  previewReplace,
  testTerms,
  test: testModel({}),
  exportCsv: exportModels,
};
