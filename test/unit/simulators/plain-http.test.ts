import { describe, expect, it } from 'vitest';
import { listen } from '../../../dev/local/http-server.ts';
import { createInMemorySimulator } from '../../../dev/local/simulator-server.ts';
import { mount, publicUrlOf } from '../../../shared/simulators/plain-http.ts';
import { createHttpBrowser } from '../../support/fakes/browser.ts';

describe('the public URL of a server', () => {
  it.each([
    ['a port of this machine', { host: '127.0.0.1:20001' }, 'http://127.0.0.1:20001'],
    [
      'an HTTP API',
      { host: 'a1b2.execute-api.eu-west-1.amazonaws.com', 'x-forwarded-proto': 'https' },
      'https://a1b2.execute-api.eu-west-1.amazonaws.com',
    ],
    [
      'a server below a prefix',
      { host: '127.0.0.1:20001', 'x-forwarded-prefix': '/simulator' },
      'http://127.0.0.1:20001/simulator',
    ],
  ])('is where the client reached it: %s', (_what, headers, url) => {
    expect(publicUrlOf({ headers })).toBe(url);
  });

  it('names pages that a browser can open and submit, also below a prefix', async () => {
    const { url, close } = await listen(mount({ '/simulator': createInMemorySimulator() }));
    const order = { reference: 'p-1', amount: '1000', currency: 'KRW' };
    const browser = createHttpBrowser();
    const inquire = async () => (await fetch(`${url}/simulator/charges/p-1`)).json();

    const charged = await fetch(`${url}/simulator/charges`, {
      method: 'POST',
      headers: { 'idempotency-key': 'chg:p-1:1' },
      body: JSON.stringify({ ...order, amount: 1_000, paymentMethod: 'sim_challenge' }),
    });
    const { url: page } = (await charged.json()) as { url: string };
    const thanks = await (await browser.open(page)).press('Approve');
    const window = await browser.open(`${url}/simulator/window?${new URLSearchParams(order)}`);
    const paid = await window.press('Pay');

    expect(page).toMatch(new RegExp(`^${url}/simulator/challenge/[\\da-f-]{36}\\.p-1$`));
    expect(thanks.body).toContain('Thank you');
    expect(await inquire()).toMatchObject({ status: 'approved' });
    expect(paid.body).toContain('sim_window_approve_');
    await close();
  });
});
