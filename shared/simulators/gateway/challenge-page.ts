import { html, pageReply, redirectReply } from '../html-page.ts';
import type { PlainResponse } from '../plain-http.ts';
import type { SimulatorAccount } from './account.ts';
import { decideChallenge, type FoundChallenge } from './challenges.ts';
import { describeAmount } from './pages.ts';
import type { AccountUpdate } from './responses.ts';

/** `GET /challenge/{id}`: lets the buyer decide, or says why there is nothing to decide. */
export const showChallenge = (found: FoundChallenge): PlainResponse => {
  const { charge, challenge, state } = found;
  if (state !== 'undecided') return closedPage(challenge, state);

  return pageReply({
    title: `Confirm ${describeAmount(charge)}`,
    returnUrl: challenge.returnUrl,
    body: html`<p>The bank asks whether you pay this. It belongs to a simulated gateway: no money moves.</p>
<form method="post">
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="decline">Decline</button>
</form>`,
  });
};

/**
 * `POST /challenge/{id}`: takes the first decision, and sends the browser back. A charge that has expired or was
 * cancelled takes none, and the page says so.
 */
export const submitChallenge = (
  account: SimulatorAccount,
  found: FoundChallenge,
  { body, now }: { readonly body: string; readonly now: number },
): AccountUpdate => {
  const { challenge, state } = found;
  const { returnUrl } = challenge;
  const decision = new URLSearchParams(body).get('decision');
  if (decision !== 'approve' && decision !== 'decline')
    return { value: account, result: showChallenge(found) };
  if (state === 'expired' || state === 'cancelled')
    return { value: account, result: closedPage(challenge, state, 409) };

  return {
    value: state === 'undecided' ? decideChallenge(account, found, decision, now) : account,
    result:
      returnUrl === undefined
        ? pageReply({ title: 'Thank you', body: html`<p>You can close this page.</p>` })
        : redirectReply(returnUrl, { reference: account.reference }),
  };
};

/** For an id that no charge has. */
export const unknownChallengePage: PlainResponse = pageReply({
  status: 404,
  title: 'This page does not exist',
  body: html`<p>Go back to the shop.</p>`,
});

type ClosedState = Exclude<FoundChallenge['state'], 'undecided'>;

const closedPage = (
  { returnUrl }: FoundChallenge['challenge'],
  state: ClosedState,
  status = 200,
): PlainResponse => {
  const { title, text } = closedTexts[state];

  return pageReply({
    status,
    title,
    body: html`<p>${text}</p>
${returnUrl === undefined ? '' : html`<p><a href="${returnUrl}">Back to the shop</a></p>`}`,
  });
};

const closedTexts: Readonly<
  Record<ClosedState, { readonly title: string; readonly text: string }>
> = {
  approved: { title: 'You have approved this payment', text: 'You can close this page.' },
  declined: { title: 'You have declined this payment', text: 'You can close this page.' },
  cancelled: { title: 'This payment was cancelled', text: 'It can no longer be approved.' },
  expired: { title: 'This payment has expired', text: 'It can no longer be approved.' },
};
