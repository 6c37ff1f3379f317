import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import type { Handler } from '../router/handlers';
import { nameOrder } from '../postgres/list-query';
import { modelCapabilities } from './model-rows';

const limit = 200;

/** The providers and capabilities that models have: what their list can be narrowed to. */
export const modelChoices: Handler<Contract['models']['choices']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const providers = await select<{ provider: string }>(sql`
      SELECT provider FROM (SELECT DISTINCT m.provider FROM models m) AS found
      ORDER BY provider ${nameOrder} LIMIT ${limit}`);
    const capabilities = await select<{ capability: string }>(sql`
      SELECT DISTINCT capability FROM models m CROSS JOIN LATERAL unnest(${modelCapabilities()}) AS capability
      ORDER BY capability LIMIT ${limit}`);
    return {
      providers: providers.map(({ provider }) => provider),
      capabilities: capabilities.map(({ capability }) => capability),
    };
  });
