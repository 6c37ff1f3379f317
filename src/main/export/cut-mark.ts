/** What stands in an exported file behind the beginning of a value. @param whole its size, with the unit. */
export function cutMark(whole: string): string {
  return `… [cut: ${whole} in all]`;
}
