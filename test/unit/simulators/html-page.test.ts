import { createHash } from 'node:crypto';
import { JSDOM, type PageWindow } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { html, pageReply, redirectReply } from '../../../shared/simulators/html-page.ts';
import { createSimulatorHarness } from './gateway/harness.ts';

const windowUrl =
  'http://pay.test/simulator/window?reference=p-1&amount=1000&currency=KRW&returnUrl=https://shop.example/';

/** The pages of the simulator as a browser parses them. */
const openPage = async (page: 'window' | 'challenge') => {
  const pg = createSimulatorHarness();
  const { body } = await pg.charge('sim_challenge', { key: 'chg:p-2:1', reference: 'p-2' });
  const url = page === 'window' ? windowUrl.replace('/simulator', '') : (body as Asked).url;
  const opened = await pg.browser.open(url);
  const { window } = new JSDOM(opened.body, { url: page === 'window' ? windowUrl : url });

  return { url, opened, window };
};

interface Asked {
  readonly url: string;
}

/** What a browser sends if the buyer presses the button. */
const submissionBy = ({ document, FormData }: PageWindow, label: string) => {
  const button = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent === label,
  );
  if (!button?.form) throw new Error(`no button ${label} in a form`);
  const { method, action } = button.form;

  return { method, action, fields: Object.fromEntries(new FormData(button.form, button)) };
};

describe('a page of the simulator', () => {
  it('has a form for the window that a browser submits as documented', async () => {
    const { window } = await openPage('window');
    const order = {
      reference: 'p-1',
      amount: '1000',
      currency: 'KRW',
      returnUrl: 'https://shop.example/',
      paymentMethod: 'sim_approve',
    };
    const action = 'http://pay.test/simulator/window';

    expect(submissionBy(window, 'Pay')).toEqual({
      method: 'post',
      action,
      fields: { ...order, action: 'pay' },
    });
    expect(submissionBy(window, 'Cancel')).toEqual({
      method: 'post',
      action,
      fields: { ...order, action: 'cancel' },
    });
  });

  it('has a form for a challenge that returns to the same address', async () => {
    const { window, url } = await openPage('challenge');

    expect(submissionBy(window, 'Approve')).toEqual({
      method: 'post',
      action: url,
      fields: { decision: 'approve' },
    });
    expect(submissionBy(window, 'Decline').fields).toEqual({ decision: 'decline' });
  });

  it.each(['window', 'challenge'] as const)(
    'has a language, a title and one heading, and a label for each choice: %s',
    async (page) => {
      const { document } = (await openPage(page)).window;

      expect(document.documentElement.lang).toBe('en');
      expect(document.compatMode).toBe('CSS1Compat');
      expect(document.title).toMatch(/KRW 1,000$/);
      expect([...document.querySelectorAll('h1')]).toHaveLength(1);
      for (const radio of document.querySelectorAll('input[type=radio]'))
        expect([...(radio.labels ?? [])].map(({ textContent }) => textContent)).toEqual([
          expect.stringMatching(/\w/),
        ]);
    },
  );

  it('is allowed its own style and no script', async () => {
    const { opened, window } = await openPage('window');
    const style = window.document.querySelector('style')?.textContent ?? '';
    const hash = createHash('sha256').update(style).digest('base64');

    expect(opened.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect([...window.document.querySelectorAll('script, [style], [onclick]')]).toEqual([]);
  });

  it('shows inserted text as it is, also in attributes', () => {
    const text = `<script>"&'</script>`;
    const reply = pageReply({ title: text, body: html`<p title="${text}">${text}</p>` });
    const { document } = new JSDOM(reply.kind === 'reply' ? reply.body : '').window;

    const paragraph = document.querySelector('p');
    expect([document.title, paragraph?.title, paragraph?.textContent]).toEqual(Array(3).fill(text));
    expect(document.querySelector('script')).toBeNull();
  });
});

describe('a redirect of the simulator', () => {
  it('keeps the parameters of the URL and replaces its own', () => {
    expect(redirectReply('https://a.example/?x=1&reference=old#top', { reference: 'ä&b' })).toEqual(
      {
        kind: 'reply',
        status: 303,
        headers: {
          location: 'https://a.example/?x=1&reference=%C3%A4%26b#top',
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
        },
        body: '',
        afterMs: 0,
      },
    );
  });
});
