/** Runs at most `limit` pieces of work at a time, the others in the order they came. */
export function createParallelLimit(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place passes on to the next in line without being given up in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
