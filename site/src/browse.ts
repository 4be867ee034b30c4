import { type Browser, chromium, type Page } from 'playwright-core';

const atOnce = 2;

/** Opens every page as a reader does, and says what is wrong with it. */
export async function browse(executablePath: string, origin: string, paths: readonly string[]): Promise<string[]> {
  const browser = await chromium.launch({ executablePath });
  try {
    const queue = [...paths];
    const readers = Array.from({ length: atOnce }, () => readAll(browser, origin, queue));
    return [...(await Promise.all(readers)).flat(), ...(await search(browser, origin))];
  } finally {
    await browser.close();
  }
}

async function readAll(browser: Browser, origin: string, queue: string[]): Promise<string[]> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  listen(page, origin, (complaint) => complaints.push(`${new URL(page.url()).pathname}: ${complaint}`));
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    await open(page, origin + path);
    complaints.push(...(await overflow(page)).map((complaint) => `${path}: ${complaint}`));
  }
  return complaints;
}

/** A page scrolls down, not sideways. */
async function overflow(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const excess = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (Number(excess) > 0) complaints.push(`${excess} pixels too wide for a window of ${width}`);
  }
  return complaints;
}

/** Until its scripts have taken it over. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction('document.querySelector("#app").__vue_app__');
}

/** Errors, failed requests, and requests to anybody else, of which there are to be none. */
function listen(page: Page, origin: string, complain: (complaint: string) => void): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complain(String(error)));
  page.on('requestfailed', (request) => complain(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complain(`asks ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.url()}: ${response.status()}`);
  });
}

/** Looks for a word as a reader does, and follows the first result. */
async function search(browser: Browser, origin: string): Promise<string[]> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  listen(page, origin, (complaint) => complaints.push(complaint));
  await open(page, `${origin}/`);
  try {
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('hedging');
    await page.locator('.result').first().click({ timeout: 10_000 });
    await page.waitForURL(/hedging/, { timeout: 10_000 });
  } catch {
    complaints.push(`"hedging" leads nowhere but to ${page.url()}`);
  }
  return complaints.map((complaint) => `search: ${complaint}`);
}
