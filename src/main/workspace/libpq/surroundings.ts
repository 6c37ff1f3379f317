/** What libpq reads besides its arguments: given as a value, so that a test can make it up. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
  /** The account of the operating system: libpq's user where none is named. */
  readonly userName: string;
}
