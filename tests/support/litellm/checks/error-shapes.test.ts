import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulator, type Simulator } from '../index';
import { exampleState } from './example-state';
import { ask } from './test-client';

describe('the four shapes of an error', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator({ state: exampleState() });
  });
  afterEach(() => simulator.close());

  it("sends LiteLLM's own envelope with a Python repr and a code that is a string", async () => {
    const answer = await ask(simulator, '/user/info?user_id=u1');
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({
      error: {
        message: "{'error': 'User not found, passed user_id=u1'}",
        type: 'not_found_error',
        param: 'user_id',
        code: '404',
      },
    });
    expect(await ask(simulator, '/team/info?team_id=x')).toMatchObject({ status: 404, json: { error: {} } });
    expect(await ask(simulator, '/key/info?key=sk-x')).toMatchObject({
      status: 404,
      json: { error: { type: 'not_found_error' } },
    });
  });

  it("sends FastAPI's detail as an object or as text", async () => {
    const unknownModel = await ask(simulator, '/model/info?litellm_model_id=x');
    expect(unknownModel).toMatchObject({
      status: 400,
      json: { detail: { error: 'Model id = x not found on litellm proxy' } },
    });
    const unknownPath = await ask(simulator, '/nothing/here');
    expect(unknownPath).toMatchObject({ status: 404, json: { detail: 'Not Found' } });
    const wrongMethod = await ask(simulator, '/user/list', { body: {} });
    expect(wrongMethod).toMatchObject({ status: 405, json: { detail: 'Method Not Allowed' } });
  });

  it('sends one 422 with all wrong parameters', async () => {
    const answer = await ask(simulator, '/key/list?size=500&page=0&return_full_object=maybe');
    expect(answer.status).toBe(422);
    expect(answer.json).toEqual({
      detail: [
        {
          type: 'greater_than_equal',
          loc: ['query', 'page'],
          msg: 'Input should be greater than or equal to 1',
          input: '0',
          ctx: { ge: 1 },
        },
        {
          type: 'less_than_equal',
          loc: ['query', 'size'],
          msg: 'Input should be less than or equal to 100',
          input: '500',
          ctx: { le: 100 },
        },
        {
          type: 'bool_parsing',
          loc: ['query', 'return_full_object'],
          msg: 'Input should be a valid boolean, unable to interpret input',
          input: 'maybe',
        },
      ],
    });
    expect(await ask(simulator, '/user/list?page=two')).toMatchObject({
      status: 422,
      json: { detail: [{ type: 'int_parsing', loc: ['query', 'page'], input: 'two' }] },
    });
    expect(await ask(simulator, '/team/info')).toMatchObject({
      status: 422,
      json: { detail: [{ type: 'missing', loc: ['query', 'team_id'] }] },
    });
  });

  it('sends a problem document where a test wants one', async () => {
    simulator.faults.add({ kind: 'problem', status: 422, detail: 'Unknown field: spent' });
    const answer = await ask(simulator, '/key/list');
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toEqual({
      type: 'about:blank',
      title: 'Request refused',
      status: 422,
      detail: 'Unknown field: spent',
    });
  });

  it('names the licence in text only, with any of three codes', async () => {
    const report = await ask(simulator, '/global/spend/report?start_date=2026-09-01&end_date=2026-09-02');
    expect(report.status).toBe(400);
    expect(report.text).toMatch(/^\{"detail":\{"error":".*enterprise/i);
    for (const status of [403, 500] as const) {
      simulator.faults.add({ kind: 'licence', status, feature: 'tags' });
      const answer = await ask(simulator, '/key/list');
      expect(answer.status).toBe(status);
      expect(answer.text).toMatch(/enterprise/i);
    }
  });
});
