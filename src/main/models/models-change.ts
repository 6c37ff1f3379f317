import type { Change, ChangedRecord } from '../changes/change';
import { nameFindings } from '../changes/field-findings';
import { type Image, isThere } from '../changes/record-table';
import { modelsAttachedFindings, sameNameFindings } from './model-findings';
import { modelUseFindings } from './model-use-findings';
import { priceOfModel } from './model-prices-record';
import { modelsRecord } from './models-record';
import { litellmFindings } from './owned-by-litellm';

/** Models: what is said of them, what they can do, and whether they are offered. LiteLLM hears nothing of it. */
export const modelsChange: Change = {
  actions: { create: 'MODEL_CREATE', update: 'MODEL_UPDATE', delete: 'MODEL_DELETE' },
  partKinds: [priceOfModel],
  record: modelsRecord,
  sliceSize: 500,
  grade: (before, after) => (isSwitched(before, after) ? 'reaches_people' : 'reversible'),
  rules: (before, after) => nameFindings(before, after, ['name']),
  rulesOfEach: async (connection, changed) =>
    new Map([
      ...(await litellmFindings(connection, changed)),
      ...(await modelsAttachedFindings(connection, changed)),
    ]),
  rulesOfAll: async (connection, changed) => [
    ...(await modelUseFindings(connection, idsOf(changed.filter(isSwitchedOff)))),
    ...(await sameNameFindings(connection, changed)),
  ],
  news: () => null,
};

const idsOf = (changed: readonly ChangedRecord[]): string[] => changed.map(({ id }) => id);

const isSwitched = (before: Image, after: Image): boolean =>
  isThere(before) && isThere(after) && before['isActive'] !== after['isActive'];

/** Whether a model is no longer offered. */
export const isSwitchedOff = ({ way, set }: ChangedRecord): boolean =>
  way === 'update' && set['isActive'] === false;
