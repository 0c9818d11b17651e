import { launch, openPage, picture, violations } from '@towerkit/workspace/browser';

/** Pages of each sort: the home page, prose with code, a wide table, made pages. */
const LOOKED_AT = [
  '',
  'quick-start',
  'guides/own-tower',
  'guides/models',
  'reference/cli',
  'reference/glossary',
  'results/als',
  'api/@towerkit/als',
];

const SIZES = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true },
} as const;

/**
 * Looks at pages on a desktop and a phone, light and dark: what axe finds, errors of scripts, other hosts, what is wider than the window;
 * and asks the search of the site.
 *
 * @param url where the site is served
 */
export async function browse(url: string): Promise<{ looked: number; problems: string[] }> {
  const browser = await launch();
  const problems: string[] = [];
  let looked = 0;
  const own = new URL(url).host;
  try {
    for (const [size, options] of Object.entries(SIZES))
      for (const colorScheme of ['light', 'dark'] as const)
        for (const path of LOOKED_AT) {
          const { page, errors, hosts, close } = await openPage(browser, url + path, {
            ...options,
            colorScheme,
          });
          const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
          const found = [
            ...(await violations(page)),
            ...errors,
            ...[...hosts].filter((host) => host !== own).map((host) => `asks ${host}`),
            ...(wide ? ['is wider than the window'] : []),
          ];
          problems.push(...found.map((what) => `${path || 'home'} (${size}, ${colorScheme}): ${what}`));
          await picture(page, `${path.replaceAll('/', '-') || 'home'}-${size}-${colorScheme}`);
          await close();
          looked++;
        }
    problems.push(...(await search()));
  } finally {
    await browser.close();
  }
  return { looked, problems };

  /** The search finds a word of a guide, and nothing else is asked for it. */
  async function search(): Promise<string[]> {
    const { page, hosts, close } = await openPage(browser, url, SIZES.desktop);
    await page.keyboard.press('Control+k');
    await page.locator('input[type=search]').fill('causality');
    const first = page.locator('.VPLocalSearchBox .result').first();
    const found = await first.waitFor({ timeout: 10_000 }).then(
      () => first.getAttribute('href'),
      () => null,
    );
    await close();
    if (!found?.includes('own-tower')) return [`search for "causality" finds ${found ?? 'nothing'}`];
    return hosts.size === 1 ? [] : [`search asks ${[...hosts].join(', ')}`];
  }
}
