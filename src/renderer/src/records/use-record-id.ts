import { useLocation } from 'react-router';

/**
 * The id in a record's address. Read from the address itself: the router's own decoding takes an id with `%2F` in it
 * for one with a slash, and models are named by whoever set them up.
 */
export function useRecordId(): string {
  const { pathname } = useLocation();
  const encoded = pathname.split('/').slice(2).join('/');
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
