import type { Page, Response } from '@playwright/test';
import { pseudoLocale } from '../../src/shared/messages/languages';

/** A text of the catalogue as the pseudo-locale shows it. */
export function pseudo(text: string): string {
  return pseudoLocale({ text }).text;
}

/** What Intl writes by itself, and signs that are the same in every language. */
const formats =
  /\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|AM|PM|at|UTC|GMT|ago|in|now|yesterday|today|tomorrow|last|next|seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|secs?|mins?|hrs?|wks?|mos?|yrs?|ms|[kMGT]?B|byte|[KMBT]|NaN|US|Ctrl|Alt|Shift|Enter|Esc|Tab)\b/g;

/** Addresses and files, as examples in empty fields too: the same in every language. */
const place = /^(?:\w+:\/\/\S+|\/\S+|[\w.]+\.example\.com)$/;

/** Fields of answers in which main speaks to a person. */
const spoken = /^(?:message|hint|title|statement|meaning|warnings|detail)$/;

/** Everything the console answered to a page: what it knows from the database, and what main said in English. */
export interface Answers {
  /** Whether a text on screen came from an answer: it is one, or whole words of one. */
  has(text: string): boolean;
  /** Until every answer that has arrived was read. */
  settled(): Promise<void>;
  readonly untranslated: Set<string>;
}

/** Listens to a page's answers from now on. */
export function listenToAnswers(page: Page): Answers {
  const data = new Set<string>();
  const untranslated = new Set<string>();
  const unread = new Set<Promise<void>>();
  const collect = (value: unknown, field: string): void => {
    if (typeof value === 'string') {
      data.add(value);
      if (spoken.test(field) && /[a-z]{3} [a-z]{2}/i.test(value) && !value.includes('⟦')) {
        untranslated.add(`${field}: ${value}`);
      }
    } else if (Array.isArray(value)) value.forEach((item) => collect(item, field));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        data.add(key);
        collect(inner, key);
      }
    } else data.add(String(value));
  };
  page.on('response', (response: Response) => {
    if (response.request().method() !== 'POST') return;
    const reading = response.json().then(
      (answer: unknown) => collect(answer, ''),
      () => undefined,
    );
    unread.add(reading);
    void reading.finally(() => unread.delete(reading));
  });
  return {
    has: (text) => {
      if (data.has(text)) return true;
      const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      const words = new RegExp(`(?<!\\w)${literal}(?!\\w)`);
      return [...data].some((value) => words.test(value));
    },
    settled: async () => {
      await Promise.all(unread);
    },
    untranslated,
  };
}

interface FoundText {
  readonly text: string;
  readonly clipped: boolean;
}

/** The texts a person can meet on the page now, names and descriptions of controls included. */
export async function textsOf(page: Page): Promise<FoundText[]> {
  return page.evaluate(() => {
    const found: { text: string; clipped: boolean }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-roledescription']) {
          const value = node.getAttribute(name)?.trim();
          if (value) found.push({ text: value, clipped: false });
        }
        continue;
      }
      const holder = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (text === '' || holder === null || holder.closest('script, style, noscript, [aria-hidden="true"]'))
        continue;
      const style = getComputedStyle(holder);
      if (style.visibility === 'hidden' || holder.getClientRects().length === 0) continue;
      // What is cut with dots and tells its whole text otherwise is not lost.
      const tells = holder.closest('[title], [aria-label]') !== null;
      const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
      const visuallyHidden = holder.clientWidth <= 1 || holder.clientHeight <= 1;
      found.push({
        text,
        clipped: hides && !tells && !visuallyHidden && holder.scrollWidth > holder.clientWidth + 1,
      });
    }
    return found;
  });
}

/**
 * Texts with figures that an edge cuts off without dots, so that a number reads as another one. What scrolls hides
 * nothing.
 */
export async function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clipped: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (holder === null || !/\d/.test(node.textContent ?? '')) continue;
      if (holder.closest('script, style, noscript, svg, [aria-hidden="true"]')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      if (text.width === 0 || text.height === 0) continue;
      let isOwnBox = true;
      for (let box: Element | null = holder; box !== null; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (style.display === 'inline' || style.display === 'contents') continue;
        // Out of sight on purpose, for screen readers.
        if (box.clientWidth <= 1) break;
        if (/auto|scroll/.test(style.overflowX)) break;
        if (/hidden|clip/.test(style.overflowX)) {
          const edge = box.getBoundingClientRect();
          const isCut = text.right > edge.right + 1 || text.left < edge.left - 1;
          // Dots stand only in the box whose lines the text is on.
          if (isCut && !(isOwnBox && style.textOverflow === 'ellipsis')) {
            clipped.push(node.textContent ?? '');
          }
          if (isCut) break;
        }
        isOwnBox = false;
      }
    }
    return clipped;
  });
}

/** Whether a text is English that came neither from the catalogue, nor from an answer, nor from Intl. */
export function isUntranslated(text: string, answers: Answers): boolean {
  if (text.includes('⟦')) return false;
  const words = text.replace(formats, ' ');
  if (!/[a-z]{2}/i.test(words) || place.test(text)) return false;
  // Several values from answers stand in one text: "UTF8, C.UTF-8".
  return !text.split(', ').every((part) => answers.has(part));
}
