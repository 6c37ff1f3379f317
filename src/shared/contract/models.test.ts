import { describe, expect, it } from 'vitest';
import { modelChanges, modelsContract, newModel } from './models';

const model = {
  ...{ id: 'own/small', name: 'Small', provider: 'own', description: null, capabilities: ['vision'] },
  ...{ contextLength: null, maxTokens: null, inputPricePerToken: null, outputPricePerToken: null },
};
const key = 'sk-ABCdef0123456789';

it('begins to cost something else at a moment that a calendar has', () => {
  const isTaken = (validFrom: string): boolean =>
    modelsContract.previewPrice.input.safeParse({
      ...{ id: 'gpt', inputPricePerToken: '0.1', outputPricePerToken: null, validFrom },
      seen: { inputPricePerToken: null, outputPricePerToken: null },
    }).success;
  expect(isTaken('2027-02-28T00:00:00.000000Z')).toBe(true);
  const others = ['2027-02-31T00:00:00.000000Z', 'infinity', '-infinity', '0044-03-15T00:00:00.000000Z BC'];
  expect(others.filter(isTaken)).toEqual([]);
});

describe('a model that a person describes', () => {
  it('has no id that LiteLLM takes for every model, for none, or for a pattern', () => {
    expect(newModel.safeParse(model).success).toBe(true);
    const ids = [
      'all-proxy-models',
      'all-team-models',
      'no-default-models',
      '*',
      'openai/*',
      ' all-proxy-models\u200B',
    ];
    expect(ids.filter((id) => newModel.safeParse({ ...model, id }).success)).toEqual([]);
  });

  it.each([{ name: key }, { provider: key }, { capabilities: ['vision', key] }, { description: key }])(
    'holds no key: %j',
    (changes) => {
      expect(modelChanges.safeParse(changes).success).toBe(false);
      expect(newModel.safeParse({ ...model, ...changes }).success).toBe(false);
    },
  );

  it('has no key for an id', () => {
    expect(newModel.safeParse({ ...model, id: key }).success).toBe(false);
  });
});
