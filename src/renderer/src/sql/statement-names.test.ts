import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedName } from './statement-names';

/** The statement with `|` where the caret is. */
function at(marked: string): ReturnType<typeof typedName> {
  return typedName(marked.replace('|', ''), marked.indexOf('|'));
}

describe('typedName', () => {
  it('finds what is typed, and where it begins', () => {
    expect(at('select us|')).toEqual({ from: 7, prefix: 'us', relations: [] });
    expect(at('select |')).toEqual({ from: 7, prefix: '', relations: [] });
    expect(at('select "Us|')).toEqual({ from: 7, prefix: 'Us', relations: [] });
  });

  it('names the schema or relation before the dot', () => {
    expect(at('select public.us|')).toMatchObject({ prefix: 'us', qualifier: 'public' });
    expect(at('select "Odd ""one""".x|')).toMatchObject({ prefix: 'x', qualifier: 'Odd "one"' });
    expect(at('select Users.|')).toMatchObject({ prefix: '', qualifier: 'users' });
  });

  it('reads an alias as the relation that it stands for', () => {
    expect(at('select u.| from users u')).toMatchObject({ qualifier: 'users', relations: ['users'] });
    expect(at('select k.| from users as u join public.api_keys k on k.user_id = u.id')).toMatchObject({
      qualifier: 'api_keys',
      relations: ['users', 'public.api_keys'],
    });
  });

  it('knows the relations of a list and of subqueries', () => {
    expect(at('select | from a, only b x, "C c" where exists (select from d)').relations).toEqual([
      'a',
      'b',
      'C c',
      'd',
    ]);
  });

  it('takes no word of SQL for a relation or an alias', () => {
    expect(at('select | from users where true').relations).toEqual(['users']);
    expect(at('select where.| from users where true').qualifier).toBe('where');
    expect(at('select | from (select 1) s').relations).toEqual([]);
  });

  it('looks over strings and comments', () => {
    expect(at("select 'from a', $q$ from b $q$ /* from c */ -- from d\n, | from e").relations).toEqual(['e']);
  });

  it('answers for every text and place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(60), (text, place) => {
        const position = Math.min(place, text.length);
        const { from, prefix } = typedName(text, position);
        expect(from).toBeLessThanOrEqual(position);
        expect(text.slice(from, position).endsWith(prefix)).toBe(true);
      }),
    );
  });
});
