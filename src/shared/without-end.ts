/** A text without as many of a sign as it ends with. A loop: a pattern would try at each of them anew. */
export function withoutEnd(text: string, sign: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === sign) end -= 1;
  return text.slice(0, end);
}
