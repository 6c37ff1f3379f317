import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { modelRows } from './model-rows';
import { modelsSource } from './models-source';

/** One page of models. */
export const listModels: Handler<Contract['models']['list']> = (input, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const { ids, ...count } = await readPage(connection, modelsSource(input), input);
    return { rows: await modelRows(connection, ids), ...count };
  });
