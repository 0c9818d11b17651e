import { launch, openPage, violations } from './presets/browser.mjs';
const [url, tag, only] = process.argv.slice(2);
const browser = await launch();
const sizes = { desktop: { viewport: { width: 1280, height: 900 } }, phone: { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true } };
for (const [name, size] of Object.entries(sizes)) for (const colorScheme of ['light', 'dark']) {
  if (only && !`${name}-${colorScheme}`.includes(only)) continue;
  const { page, errors, hosts, close } = await openPage(browser, url, { ...size, colorScheme });
  await page.waitForSelector('#popular li');
  await page.waitForTimeout(400);
  const look = async (state) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    console.log(name, colorScheme, state, 'over', over, JSON.stringify(await violations(page)).slice(0, 900));
    await page.screenshot({ path: `/tmp/first-shots/${tag}-${name}-${colorScheme}-${state}.png`, fullPage: true });
  };
  await look('before');
  await page.locator('#popular button').nth(1).click();
  await page.waitForSelector('#columns section');
  await page.locator('#popular button').nth(3).click();
  await page.waitForTimeout(800);
  await look('after');
  console.log(errors, [...hosts]);
  await close();
}
await browser.close();
