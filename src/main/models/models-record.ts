import { modelDefinition } from '../../shared/records/models';
import { recordTable } from '../changes/record-table';
import { models } from '../postgres/schema';

/** Models as changes read and write them. Their prices here are those of now; the history is `model_prices`. */
export const modelsRecord = recordTable(models, {
  kind: 'model',
  resourceType: modelDefinition.resourceType,
  relation: 'models',
  idType: modelDefinition.idType,
  label: 'name',
  editable: modelDefinition.editable,
});
