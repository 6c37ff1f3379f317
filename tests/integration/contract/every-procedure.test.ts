import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedureNames } from '../../../src/shared/contract/names';
import { connectionCases } from './cases-connections';
import { inspectionCases } from './cases-inspection';
import { openingCases } from './cases-opening';
import { recordCases } from './cases-records';
import { type Cases, closeWorld, openWorld } from './contract-world';

/**
 * Every procedure of the contract, called over browser mode on a real local database, with an answer whose values
 * this test put there. The cases run in order: later ones stand on earlier ones.
 */
const cases: Cases = { ...openingCases, ...recordCases, ...inspectionCases, ...connectionCases };

beforeAll(openWorld);
afterAll(closeWorld);

describe('the contract, over browser mode', () => {
  it('has a case for every procedure, and no other', () => {
    const all = Object.entries(procedureNames).flatMap(([area, procedures]) =>
      Object.keys(procedures).map((name) => `${area}.${name}`),
    );
    expect(Object.keys(cases).sort()).toEqual(all.sort());
  });

  for (const [name, run] of Object.entries(cases)) it(name, run);
});
