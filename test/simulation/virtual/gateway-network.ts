import { parseJson } from '../../../shared/domain/json.ts';
import type { Timers } from '../../../shared/domain/time.ts';
import type { Exchange, ExchangeRequest } from '../../../shared/gateway/exchange.ts';
import type { PlainResponse, PlainServer } from '../../../shared/simulators/plain-http.ts';
import { toPlainRequest } from '../../support/fakes/plain-exchange.ts';
import type { Process } from './process.ts';
import type { WorldParts } from './world-parts.ts';

interface Dependencies extends WorldParts {
  readonly serve: PlainServer;
}

/** What happens to one request on its way. */
type Fate =
  | 'answered'
  | 'refused'
  | 'request lost'
  | 'response lost'
  | 'reset'
  | 'crash before'
  | 'crash after'
  | { readonly status: number };

/** The way to the gateway and back, in place of the HTTP exchange of the adapters. */
export const createGatewayNetwork = ({ serve, time, random, faults, story }: Dependencies) => {
  const latency = (place: string) => {
    let ms = random.between(5, 80);
    if (faults.occurs('slow', place, 2)) ms += faults.duration(faults.mix.slowMs * 2);
    if (faults.occurs('stall', place)) ms += faults.duration(14_000);

    return ms;
  };

  const fateOf = (place: string): Fate => {
    if (faults.isStormy('gateway')) return faults.pick<Fate>(['refused', { status: 503 }]);
    if (faults.occurs('gatewayRefused', place)) return 'refused';
    if (faults.occurs('gatewayRequestLost', place)) return 'request lost';
    if (faults.occurs('gatewayResponseLost', place)) return 'response lost';
    if (faults.occurs('gatewayError', place)) return { status: faults.pick([502, 503, 429, 404]) };
    if (faults.occurs('gatewayReset', place)) return 'reset';
    if (faults.occurs('crashBefore', place, 2)) return 'crash before';
    if (faults.occurs('crashAfter', place, 2)) return 'crash after';

    return 'answered';
  };

  return (process: Process, request: ExchangeRequest, timers: Timers): Promise<Exchange> =>
    new Promise((resolve) => {
      const { method, url, timeoutMs } = request;
      const name = `gateway ${method} ${url.pathname}`;
      const place = `${process.name} gateway:${method} /${url.pathname.split('/')[1] ?? ''}`;
      const fate = fateOf(place);
      let isSettled = false;
      const settle = (exchange: Exchange) => {
        if (isSettled) return;
        isSettled = true;
        cancelDeadline();
        story.record(process.actor, () => `${name} -> ${describeExchange(exchange)}`);
        resolve(exchange);
      };
      const cancelDeadline = timers.after(timeoutMs, () =>
        settle({ kind: 'lost', reason: `no response within ${timeoutMs} ms` }),
      );
      const answer = (response: PlainResponse) => {
        if (response.kind === 'hang') return;
        process.after(response.afterMs + latency(place), () =>
          settle({ kind: 'answered', status: response.status, body: parseJson(response.body) }),
        );
      };
      const arrive = async () => {
        if (fate === 'crash before' && process.kill(`before ${name}`)) return;
        if (fate === 'request lost') return;
        if (typeof fate === 'object') {
          answer({ kind: 'reply', status: fate.status, body: '', afterMs: 0 });
          return;
        }
        // A request that was sent arrives, also if its sender has died.
        const response = await serve(toPlainRequest(request));
        if (fate === 'crash after' && process.kill(`after ${name}`)) return;
        if (fate === 'reset')
          process.after(latency(place), () => settle({ kind: 'lost', reason: 'ECONNRESET' }));
        else if (fate !== 'response lost') answer(response);
      };
      if (fate === 'refused')
        process.after(latency(place), () => settle({ kind: 'not-sent', reason: 'ECONNREFUSED' }));
      else time.after(latency(place), () => void arrive());
    });
};

const describeExchange = (exchange: Exchange): string =>
  exchange.kind === 'answered'
    ? `${exchange.status} ${JSON.stringify(exchange.body)?.slice(0, 120)}`
    : `${exchange.kind}: ${exchange.reason}`;
