/** The one page that may ask: where it is, and whether an address is on it. */
export interface TrustedPage {
  readonly url: string;
  contains(address: string): boolean;
}

/** What is looked at in a frame that sent a message (Electron's WebFrameMain). */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/**
 * Node knows no origin for our own scheme, so scheme and host (with port) are compared.
 * `url` is the console's page: our scheme, or the development server's address.
 */
export function trustedPage(url: string): TrustedPage {
  const page = new URL(url);
  return {
    url,
    contains(address) {
      if (!URL.canParse(address)) return false;
      const { protocol, host, username, password } = new URL(address);
      return protocol === page.protocol && host === page.host && username === '' && password === '';
    },
  };
}

/**
 * True for the main frame of our page (Electron's security checklist, item 17). A frame that has navigated or is
 * gone is null, or throws at whatever is asked of it: that is no trusted one either.
 */
export function isTrustedFrame(frame: SenderFrame | null, page: TrustedPage): boolean {
  try {
    return frame !== null && frame.parent === null && page.contains(frame.url);
  } catch {
    return false;
  }
}
