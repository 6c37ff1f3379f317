import { isLong } from '../support/long-runs';
import { expectAccessible, expectReflow, test } from './fixture';
import { allPlaces } from './places';
import { chooseTheme, goTo, openLocal } from './steps';

/** At 200 % a window of 1280 x 800 has half as many CSS pixels each way. */
const zooms = { '100 %': { width: 1280, height: 800 }, '200 %': { width: 640, height: 400 } } as const;
// Axe takes a minute for each.
const looks = isLong
  ? ([
      ['Light', '200 %'],
      ['Light', '100 %'],
      ['Dark', '100 %'],
    ] as const)
  : ([['Dark', '200 %']] as const);

test('every screen, form and record page is accessible, dark and at 200 % zoom; the long suite looks in light and at 100 %', async ({
  page,
  demoConsole,
}) => {
  test.setTimeout(900_000);
  await page.goto(demoConsole.url);
  await openLocal(page);
  const places = await allPlaces(page);
  for (const [theme, zoom] of looks) {
    await page.setViewportSize(zooms[zoom]);
    await chooseTheme(page, theme);
    for (const place of places) {
      await goTo(page, place);
      if (zoom === '200 %') await expectReflow(page, place);
      await expectAccessible(page, `${place} (${theme}, ${zoom})`);
    }
  }
});
