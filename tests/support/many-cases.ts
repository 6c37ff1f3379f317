import fc from 'fast-check';
import { isLong } from './long-runs';

/**
 * Set-up of every file with properties. The same cases each time, so that what passed passes again and a failure can be
 * repeated; `LITEMAAS_SEED=random` looks for new ones. The long suite tries ten times as many where it is not said how many.
 */
const seed = process.env['LITEMAAS_SEED'];
fc.configureGlobal({
  ...(seed === 'random' ? {} : { seed: Number(seed ?? 20_261_130) }),
  ...(isLong ? { numRuns: 1_000 } : {}),
});
