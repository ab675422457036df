import { resolve } from 'node:path';
import { openBrowser, openPage, settled } from '#test/e2e/console-browser.js';
import { pagesOf } from '#test/e2e/console-pages.js';
import { startFakeApi } from '#test/fakes/fake-api.js';
import { emptyFleet } from '#test/fakes/fake-fleet.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';

/** `npm run screenshots`: pictures for the guide of every page of the console as it is now, over a made-up fleet. */
const FOLDER = resolve('docs/panduan/gambar');
const consoleFolder = resolve('dist/console');

const inTheMonth = rolloutFleet();
const SHOWN = [
  { fleet: emptyFleet(), pages: [['langkah-pertama', '/'] as const] },
  { fleet: inTheMonth, pages: pagesOf(inTheMonth).filter(([name]) => name !== 'tidak-ada') },
];

const browser = await openBrowser();
try {
  for (const { fleet, pages } of SHOWN) {
    const api = await startFakeApi({ fleet, consoleFolder });
    api.rollouts.isPaused = true;
    const { page, close } = await openPage(browser);
    for (const [name, path] of pages) {
      await page.goto(api.url + path);
      await settled(page);
      await page.screenshot({ path: resolve(FOLDER, `${name}.png`) });
      console.log(name);
    }
    await close();
    await api.stop();
  }
} finally {
  await browser.close();
}
process.exit(0);
