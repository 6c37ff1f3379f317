/** A package that is part of this build. */
export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  /** As the package states it, mostly an SPDX name; null where it does not. */
  readonly licence: string | null;
  /** The licence's text where the package brings it. */
  readonly text: string | null;
}

/** Reads the list that the build wrote beside the page (scripts/build-licences.ts). Rejects where there is none. */
export async function readLicences(): Promise<readonly PackageLicence[]> {
  const response = await fetch('licences.json');
  if (!response.ok) throw new Error(`licences.json: ${String(response.status)}`);
  return (await response.json()) as readonly PackageLicence[];
}
