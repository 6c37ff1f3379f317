import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import type { Handler } from '../router/handlers';
import { nameOrder } from '../records/list-query';
import { from } from '../postgres/relations';
import { modelCapabilities } from './model-rows';

const limit = 200;

/** The providers and capabilities that models have: what their list can be narrowed to. */
export const modelChoices: Handler<Contract['models']['choices']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const providers = await select(
      z.strictObject({ provider: z.string() }),
      sql`
        SELECT provider FROM (SELECT DISTINCT m.provider FROM ${from('models', 'm')}) AS found
        ORDER BY provider ${nameOrder} LIMIT ${limit}`,
    );
    const capabilities = await select(
      z.strictObject({ capability: z.string() }),
      sql`
        SELECT DISTINCT capability FROM ${from('models', 'm')} CROSS JOIN LATERAL unnest(${modelCapabilities()}) AS capability
        ORDER BY capability LIMIT ${limit}`,
    );
    return {
      providers: providers.map(({ provider }) => provider),
      capabilities: capabilities.map(({ capability }) => capability),
    };
  });
