import { describe, expect, it } from 'vitest';
import { readRefusal, refusalKind } from './remote-refusal';

const kindOf = (status: number, body: unknown) => refusalKind(readRefusal(status, JSON.stringify(body)));
const envelope = (message: string, type = 'internal_server_error') => ({ error: { message, type } });

describe('refusalKind', () => {
  it.each([
    [409, envelope("{'error': 'User with id u1 already exists'}"), 'rules'],
    [400, envelope("Key with alias 'a' already exists.", 'bad_request_error'), 'rules'],
    [422, { detail: [{ loc: ['body', 'models'], msg: 'bad', input: 'sk-secret-0123456789' }] }, 'rules'],
    [403, envelope('User=u1 is not a member of the team=t1.'), 'rules'],
    [403, envelope("Key=k has a tpm_limit=20 which is greater than the team's tpm_limit=10."), 'rules'],
    [
      403,
      { detail: { error: 'This feature is only available for LiteLLM Enterprise users: tags.' } },
      'licence',
    ],
    [500, envelope('Regenerating Virtual Keys is an Enterprise feature'), 'licence'],
    [
      401,
      envelope('Authentication Error, Only proxy admin can be used to generate', 'auth_error'),
      'not_allowed',
    ],
    [403, { detail: 'user not allowed to access this route, role= proxy_admin_viewer' }, 'not_allowed'],
    [429, envelope('Too many requests'), 'for_now'],
    [500, envelope('No connected db.', 'no_db_connection'), 'for_now'],
    [500, envelope('Unique constraint failed on the fields: (`team_id`)'), 'not_known'],
    [500, 'Internal Server Error', 'not_known'],
    [504, null, 'not_known'],
  ])('tells %s %j', (status, body, kind) => {
    expect(kindOf(status, body)).toBe(kind);
  });
});
