import type { ChangeValue } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { ModelChanges } from '../../shared/contract/models';
import { AppError } from '../../shared/errors';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import type { Image } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Handler } from '../router/handlers';
import { modelsChange } from './models-change';
import { modelList } from './models-list';

/** What a change of models would do. */
export const previewUpdate: Handler<Contract['models']['previewUpdate']> = (
  { targets, changes },
  { signal, workspace },
) => {
  const set = wishedOfModel(changes);
  return workspace.database.read(signal, async (connection) => {
    const wishes = await wishesOfTargets(connection, modelList, targets, { way: 'update', set }, signal);
    return previewChange(connection, workspace, modelsChange, modelsChange.actions.update, wishes);
  });
};

/** What changes would do that differ from model to model. */
export const previewEdits: Handler<Contract['models']['previewEdits']> = ({ edits }, { signal, workspace }) =>
  workspace.database.read(signal, (connection) => {
    const wishes = edits.map(({ id, version, changes }): Wish => {
      const set = wishedOfModel(changes);
      return { id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null };
    });
    return previewChange(connection, workspace, modelsChange, modelsChange.actions.update, wishes);
  });

/**
 * The fields to set, as the columns hold them: two capabilities have columns of their own.
 * @throws AppError `validation` where there are none.
 */
export function wishedOfModel({ capabilities, ...rest }: ModelChanges): Image {
  const fields: readonly (readonly [string, ChangeValue | undefined])[] = [
    ...Object.entries(rest),
    ...(capabilities === undefined
      ? []
      : ([
          ['capabilities', [...capabilities].sort()],
          ['supportsFunctionCalling', capabilities.includes('function_calling')],
          ['supportsVision', capabilities.includes('vision')],
        ] as const)),
  ];
  const set = fields.filter((entry): entry is readonly [string, ChangeValue] => entry[1] !== undefined);
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}
