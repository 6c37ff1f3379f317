import { describe, expect, it } from 'vitest';
import { isLicenceRefusal, readRefusal } from './remote-refusal';

describe('readRefusal', () => {
  it('reads the error envelope, and the Python text inside its message', () => {
    const body = `{"error":{"message":"{'error': 'User not found, passed user_id=u1'}","type":"not_found_error","param":"user_id","code":"404"}}`;
    expect(readRefusal(404, body)).toEqual({
      status: 404,
      message: 'User not found, passed user_id=u1',
      type: 'not_found_error',
      foreign: false,
    });
  });

  it.each([
    ['{"detail":"Not Found"}', 'Not Found'],
    ['{"detail":{"error":"No team found"}}', 'No team found'],
    ['{"detail":{"message":"No such thing"}}', 'No such thing'],
    [
      '{"type":"about:blank","title":"Refused","status":422,"detail":"Unknown field"}',
      'Refused: Unknown field',
    ],
    ['{"error":"plain"}', 'plain'],
  ])('reads %s', (body, message) => {
    expect(readRefusal(400, body)).toMatchObject({ message, foreign: false });
  });

  it('names each field of a validation list', () => {
    const body =
      '{"detail":[{"type":"less_than_equal","loc":["query","size"],"msg":"Input should be less","input":"500"}]}';
    expect(readRefusal(422, body)).toMatchObject({
      message: 'query.size: Input should be less',
      type: 'validation',
    });
  });

  it('tells a page of a reverse proxy from an answer of LiteLLM', () => {
    expect(readRefusal(502, '<html>Bad Gateway</html>')).toMatchObject({
      status: 502,
      foreign: true,
      type: null,
    });
    expect(readRefusal(500, '"text"').foreign).toBe(true);
  });

  it('keeps neither keys nor hashes nor endless text', () => {
    const hash = 'ab'.repeat(32);
    const { message } = readRefusal(
      401,
      JSON.stringify({ detail: `Key=sk-secret1234 Hash=${hash} ${'x'.repeat(999)}` }),
    );
    expect(message).not.toContain('secret1234');
    expect(message).not.toContain(hash);
    expect(message.length).toBeLessThanOrEqual(300);
  });

  it('knows a licence refusal by its words', () => {
    expect(
      isLicenceRefusal(readRefusal(500, '{"detail":{"error":"You must be a LiteLLM Enterprise user"}}')),
    ).toBe(true);
    expect(isLicenceRefusal(readRefusal(500, '{"detail":"Internal Server Error"}'))).toBe(false);
  });
});
