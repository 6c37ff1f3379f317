import { useEffect, useState } from 'react';

const debounceMs = 200;

/** A value as it is once it has stayed the same for a moment: for what is typed and asked about. */
export function useDebounced<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), debounceMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
