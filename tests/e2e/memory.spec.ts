import { isLong } from '../support/long-runs';
import { expect, test } from './fixture';
import { expectLoaded, openScreen, screens, setUpLocal } from './steps';

test('main’s memory does not grow by opening and leaving every screen', async ({ page, console_ }) => {
  test.skip(!isLong, 'twenty rounds over all screens: npm run test:long');
  test.setTimeout(900_000);
  await page.goto(console_.url);
  await setUpLocal(page, { demo: true });
  const kibibytes: number[] = [];
  for (let round = 1; round <= 20; round += 1) {
    for (const path of Object.keys(screens) as (keyof typeof screens)[]) {
      await openScreen(page, path);
      await expectLoaded(page);
    }
    if (round % 5 === 0) kibibytes.push(Math.round((await console_.memoryInUse()) / 1024));
  }
  const [atFive = 0, , , atTwenty = Infinity] = kibibytes;
  // Measured: 20 to 40 KiB in fifty rounds, most of it about compiled code.
  expect(atTwenty - atFive, `KiB after 5, 10, 15 and 20 rounds: ${kibibytes.join(' ')}`).toBeLessThan(256);
});
