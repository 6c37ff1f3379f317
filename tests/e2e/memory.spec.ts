import { isLong } from '../support/long-runs';
import { expect, test } from './fixture';
import { expectLoaded, openScreen, screens, setUpLocal } from './steps';

test('main’s memory does not grow by opening and leaving every screen', async ({ page, console_ }) => {
  test.skip(!isLong, 'twenty rounds over all screens: npm run test:long');
  await page.goto(console_.url);
  await setUpLocal(page, { demo: true });
  const afterRound: number[] = [];
  for (let round = 1; round <= 20; round += 1) {
    for (const path of Object.keys(screens) as (keyof typeof screens)[]) {
      await openScreen(page, path);
      await expectLoaded(page);
    }
    afterRound.push(await console_.memoryInUse());
  }
  const megabytes = afterRound.map((bytes) => (bytes / 1024 / 1024).toFixed(1));
  const [atFive, atTwenty] = [afterRound[4] ?? 0, afterRound[19] ?? 0];
  // What is compiled late and where the last garbage lay moves it by some hundred kilobytes either way.
  expect(atTwenty - atFive, `MiB after each round: ${megabytes.join(' ')}`).toBeLessThan(1024 * 1024);
});
