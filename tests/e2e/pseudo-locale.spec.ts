import { expect, test } from './fixture';
import { isUntranslated, listenToAnswers, pseudo, textsOf } from './page-text';
import { allPlaces } from './places';
import { goTo } from './steps';

test('no text is untranslated or clipped in the pseudo-locale', async ({ page, startConsole }) => {
  const console_ = await startConsole({ environment: { LITEMAAS_LANGUAGE: 'en-XA' } });
  const answers = listenToAnswers(page);
  await page.goto(console_.url);
  await expect(page.getByRole('heading', { name: pseudo('Set up your console') })).toBeVisible();
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: pseudo('Set up local database') }).click();
  await expect(page.getByRole('heading', { level: 1, name: pseudo('Overview') })).toBeVisible({
    timeout: 90_000,
  });
  const untranslated = new Set<string>();
  const clipped = new Set<string>();
  for (const path of await allPlaces(page)) {
    await goTo(page, path);
    const texts = await textsOf(page);
    await answers.settled();
    for (const found of texts) {
      if (isUntranslated(found.text, answers)) untranslated.add(`${path}: ${found.text}`);
      if (found.clipped && found.text.includes('⟦')) clipped.add(`${path}: ${found.text}`);
    }
  }
  expect([...untranslated, ...answers.untranslated]).toEqual([]);
  expect([...clipped]).toEqual([]);
});
