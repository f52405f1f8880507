import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Browsers of the system, in the order in which they are tried. */
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium of the npm package, which runs on Linux with an x64 processor only. */
const launchPackaged = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args, ...flags],
  });

const launchers = [
  ...installed
    .filter((path) => existsSync(path))
    .map((executablePath) => () => chromium.launch({ executablePath, args: flags })),
  ...(process.platform === 'linux' && process.arch === 'x64' ? [launchPackaged] : []),
];

/** Starts a headless Chromium: the system's, else the npm package's. Undefined if none can start. */
export const launchBrowser = async (): Promise<Browser | undefined> => {
  for (const launch of launchers) {
    const browser = await launch().catch(() => undefined);
    if (browser) return browser;
  }

  return undefined;
};

/** What a skipped test prints. */
export const noBrowser =
  'No browser can start here: install Chromium or Google Chrome (Debian: apt install chromium), then run the test again.';
