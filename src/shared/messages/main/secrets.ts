/** Texts of where secrets are kept, and why they cannot be. */
export const secretsTexts = {
  notBuilt: 'The keychain module (keytar) is not installed or was not built on this machine.',
  notGivenBack: '{{keychain}} did not give back what was stored in it.',
  prompting:
    '{{keychain}} is locked: it did not answer within {{seconds}} s and may be waiting for you to unlock it. Unlock it and try again.',
  absent: 'There is no keychain here: no program offers {{keychain}}.',
  locked: '{{keychain}} is locked. Unlock it and try again.',
  refused:
    '{{keychain}} refused access to LiteMaaS Console. Allow it in the keychain’s settings and try again.',
  failed: '{{keychain}} failed: {{said}}.',
  keychains: {
    macos: 'the macOS keychain',
    windows: 'the Windows credential manager',
    desktop: 'the desktop keyring (Secret Service)',
  },
  fileNotWritten: 'The file {{path}} can’t be written',
  nothingEncrypts: 'Electron finds nothing on this machine to encrypt secrets with.',
  needsConsent:
    'Electron could keep secrets only in a file that does not protect them, which needs your consent.',
  encryptionBroken: 'Electron’s encryption does not work here.',
  notDecrypted: 'The stored secret, encrypted with {{backend}}, can’t be decrypted',
  fileNotRead: 'The file {{path}} can’t be read',
  electronLocked:
    'The keychain behind Electron is locked: it did not answer within {{seconds}} s. Unlock it and try again.',
  maybeStored: 'The secret may still be stored: {{problems}}',
  maybeStoredHint: 'Unlock the keychain and try again, or remove the entry “LiteMaaS Console” there.',
  kept: 'Secrets are kept in {{store}}.',
  keptUnprotected:
    'Secrets are kept in {{store}}, which does not protect them from whoever can read your files.',
  keychainFailed: 'The keychain failed: {{said}}.',
  damaged: 'The stored secret is damaged. Please enter it again.',
  otherServer:
    'The stored password belongs to another host, port, user or database. Please enter the one for this server.',
  otherProxy: 'The stored key belongs to another proxy address. Please enter the one for this proxy.',
  memory: '{{reason}} Secrets are kept in memory until you quit and asked for again after that.',
};
