import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** The browser to test in, such as Debian's `/usr/bin/chromium`. */
export const CHROMIUM: string | undefined;

/** Starts it without a window, with a profile of its own. */
export function launch(): Promise<Browser>;

/** A page, with what it did wrong and every host that it asked. */
export interface WatchedPage {
  readonly page: Page;
  readonly errors: string[];
  readonly hosts: Set<string>;
  close(): Promise<void>;
}

/** Opens a page with axe-core at hand. */
export function openPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage>;

/** What axe finds wrong with a page as it stands: rules and the elements that break them; of `rules` alone where given. */
export function violations(page: Page, rules?: readonly string[]): Promise<string[]>;

/** Keeps a picture of the page to look at, where `TOWERKIT_SCREENSHOTS` names a folder for it. */
export function picture(page: Page, name: string): Promise<void>;
