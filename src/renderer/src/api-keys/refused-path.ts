/** Where it is asked why a key is refused; of one key, or of what is pasted there. */
export function refusedPath(id?: string): string {
  return id === undefined ? '/api-keys/refused' : `/api-keys/refused?id=${encodeURIComponent(id)}`;
}
