import { isOperatorRoute, routes } from '../../../shared/http/routes.ts';
import type { ApiRequest } from '../../support/builders/api-gateway-event.ts';
import type { Shop } from './shop.ts';

const intruder = 'mallory';

/** Every operator route, with a buyer's token. */
const operatorRequests = (): readonly ApiRequest[] =>
  routes.filter(isOperatorRoute).map(({ method, path }) => ({
    method,
    path: path.replaceAll(/\{\w+\}/g, 'unknown'),
    buyer: intruder,
  }));

/** The last webhook of a payment with its signature, and a changed body. Toss does not sign webhooks. */
const forgedWebhooks = ({ run, webhookOf }: Shop): readonly ApiRequest[] => {
  if (run.gateway.adapter === 'toss') return [];
  const [webhook] = run.gateway.references().flatMap((reference) => webhookOf(reference) ?? []);

  return webhook ? [{ ...webhook, body: `${webhook.body} ` }] : [];
};

/** The accepted payment of another buyer once more: the same key and the same body. */
const sharedKeys = ({ run }: Shop): readonly ApiRequest[] => {
  const accepted = run.answers.find(
    ({ request, status }) => request.path === '/payments' && status === 202,
  );

  return accepted ? [{ ...accepted.request, buyer: intruder }] : [];
};

/** Requests that the service must refuse. The checks look at their answers. */
export const sendForbiddenRequests = async (shop: Shop): Promise<void> => {
  const requests = [...operatorRequests(), ...forgedWebhooks(shop), ...sharedKeys(shop)];
  await Promise.all(requests.map((request) => shop.send(request)));
};
