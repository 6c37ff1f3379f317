import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** A text as it is made: what comes first, what fills it up to its length, and what ends it. */
export interface WorstText {
  readonly first: string;
  readonly part: string;
  readonly last: string;
}

/** Signs that many expressions treat in a way of their own, and one that most look for nowhere. */
const commonSigns = [' ', '\n', '\t', 'a', 'A', '1', '_', '"', "'", '\\', '.', '-', '\u0001', 'é', '😀'];
/** How many of a repetition stand between two beginnings, so that both are many in a text of a million signs. */
const somewhat = 700;
const mostPaired = 12;
/** So many ways to read a part of an expression are followed. */
const mostWords = 6;

/**
 * The texts that are worst for an expression, by its own make: its signs alone and in pairs, what each of its
 * repetitions repeats (once begun, begun again and again, in runs), and all that with an end at which it just fails.
 */
export function worstTexts(pattern: RegExp): readonly WorstText[] {
  const tree = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(
    pattern.source,
    0,
    pattern.source.length,
    { unicode: pattern.unicode, unicodeSets: pattern.unicodeSets },
  );
  const own = signsOf(tree, pattern);
  const signs = [...new Set([...own, ...commonSigns])];
  const repetitions = repetitionsOf(tree, pattern);
  // What reads a few signs only looks at no sign more often than that.
  const pairs =
    repetitions.length === 0
      ? []
      : own.slice(0, mostPaired).flatMap((one) => own.slice(0, mostPaired).map((other) => one + other));
  const ends = ['', '\n', ' ', '\u0001', ...own.slice(0, 6)];
  const runs = repetitions.flatMap(({ before, word }) => [
    ...ends.map((last) => ({ first: before, part: word, last })),
    { first: '', part: before + word, last: '' },
    { first: '', part: before + word.repeat(somewhat), last: '' },
    { first: '', part: word.repeat(somewhat) + before, last: '\u0001' },
    { first: before.repeat(somewhat), part: word, last: '\u0001' },
  ]);
  const whole = wordsOf(tree, pattern).flatMap((word) => [
    { first: '', part: word, last: '' },
    { first: '', part: word.slice(0, -1), last: '' },
    { first: '', part: `${word}\u0001`, last: '' },
  ]);
  const texts = [
    ...[...signs, ...pairs].map((part) => ({ first: '', part, last: '' })),
    ...signs.map((part) => ({ first: '', part, last: '\u0001' })),
    ...runs,
    ...whole,
  ].filter(({ part }) => part !== '');
  return [...new Map(texts.map((text) => [JSON.stringify(text), text])).values()];
}

/** Signs of which a class or a set contains some: the printable ones of ASCII, and one of each other kind. */
const candidates = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...[
    '\t',
    '\n',
    '\r',
    '\0',
    '\u0001',
    '\u00a0',
    '\u200b',
    '\u2028',
    '\u0301',
    'é',
    '١',
    '€',
    '「',
    '＝',
    '😀',
  ],
];

function signsOf(node: AST.Node, pattern: RegExp): string[] {
  const found: string[] = [];
  const walk = (part: AST.Node): void => {
    switch (part.type) {
      case 'Pattern':
      case 'Group':
      case 'CapturingGroup':
        part.alternatives.forEach(walk);
        break;
      case 'Alternative':
        part.elements.forEach(walk);
        break;
      case 'Quantifier':
        walk(part.element);
        break;
      case 'Assertion':
        if (part.kind === 'lookahead' || part.kind === 'lookbehind') part.alternatives.forEach(walk);
        break;
      case 'Character':
        found.push(String.fromCodePoint(part.value));
        break;
      case 'CharacterClass':
      case 'CharacterSet':
        found.push(...membersOf(part, pattern));
        break;
      default:
        break;
    }
  };
  walk(node);
  return [...new Set(found)];
}

/** Some signs of a class, of each kind that is in it. */
function membersOf(part: AST.CharacterClass | AST.CharacterSet, pattern: RegExp): string[] {
  const one = new RegExp(`^(?:${part.raw})$`, pattern.flags.replaceAll(/[gy]/g, ''));
  const members = candidates.filter((sign) => one.test(sign));
  const kinds = [
    /[a-z]/,
    /[A-Z]/,
    /\d/,
    /[ \t\u00a0]/,
    /[\r\n\u2028]/,
    /["']/,
    /[\\/]/,
    /[^\w\s"'\\/]/,
    /[^\0-\x7f]/,
  ];
  const chosen = kinds.flatMap((kind) => members.find((sign) => kind.test(sign)) ?? []);
  // A class of signs that are all beyond those tried here.
  if (chosen.length === 0 && part.type === 'CharacterClass') {
    return part.elements.flatMap((element) => {
      if (element.type === 'Character') return [String.fromCodePoint(element.value)];
      return element.type === 'CharacterClassRange' ? [String.fromCodePoint(element.min.value)] : [];
    });
  }
  return chosen;
}

interface Repetition {
  /** A text that brings the expression up to it. */
  readonly before: string;
  /** What it repeats. */
  readonly word: string;
}

/** Every repetition without an end, or with a far one, together with what brings the expression to it. */
function repetitionsOf(tree: AST.Pattern, pattern: RegExp): Repetition[] {
  const found: Repetition[] = [];
  const walk = (part: AST.Node, before: string): void => {
    switch (part.type) {
      case 'Pattern':
      case 'Group':
      case 'CapturingGroup':
        for (const alternative of part.alternatives) walk(alternative, before);
        break;
      case 'Assertion':
        if (part.kind === 'lookahead' || part.kind === 'lookbehind') {
          for (const alternative of part.alternatives) walk(alternative, before);
        }
        break;
      case 'Alternative': {
        let so = before;
        for (const element of part.elements) {
          walk(element, so);
          so += wordsOf(element, pattern)[0] ?? '';
        }
        break;
      }
      case 'Quantifier':
        if (part.max > 8) {
          for (const word of wordsOf(part.element, pattern)) found.push({ before, word });
        }
        walk(part.element, before);
        break;
      default:
        break;
    }
  };
  walk(tree, '');
  return found.filter(({ word }) => word !== '');
}

/** Some short texts that a part of an expression reads. */
function wordsOf(part: AST.Node, pattern: RegExp): string[] {
  switch (part.type) {
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup':
      return limited(part.alternatives.flatMap((alternative) => wordsOf(alternative, pattern).slice(0, 3)));
    case 'Alternative':
      return part.elements.reduce<string[]>(
        (words, element) => {
          const next = wordsOf(element, pattern);
          return limited(
            next.flatMap((word, index) =>
              // The first ways are joined with each other, of the rest each is tried once.
              (index === 0 ? words : words.slice(0, 1)).map((so) => so + word),
            ),
          );
        },
        [''],
      );
    case 'Quantifier': {
      const words = wordsOf(part.element, pattern);
      return limited(words.map((word) => word.repeat(Math.max(1, part.min))));
    }
    case 'Character':
      return [String.fromCodePoint(part.value)];
    case 'CharacterClass':
    case 'CharacterSet':
      return limited(membersOf(part, pattern));
    case 'Assertion':
      // What stands before a place is put there; what follows comes by itself.
      return part.kind === 'lookbehind' && !part.negate
        ? limited(part.alternatives.flatMap((alternative) => wordsOf(alternative, pattern)))
        : [''];
    case 'Backreference':
      return Array.isArray(part.resolved) ? [''] : wordsOf(part.resolved, pattern).slice(0, 1);
    default:
      return [''];
  }
}

function limited(words: readonly string[]): string[] {
  return [...new Set(words)].slice(0, mostWords);
}
