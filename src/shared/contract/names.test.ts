import { describe, expect, it } from 'vitest';
import type { Procedure } from './define';
import { contract } from './index';
import { procedureNames } from './names';

describe('the preload list of names', () => {
  it('names every procedure of the contract with its kind, and no other', () => {
    const fromContract = Object.fromEntries(
      Object.entries(contract).map(([area, procedures]) => [
        area,
        Object.fromEntries(
          Object.entries<Procedure>(procedures).map(([name, procedure]) => [name, procedure.kind]),
        ),
      ]),
    );
    expect(procedureNames).toEqual(fromContract);
  });
});
