import * as z from 'zod';
import { jsonOf, type PlainServer, reply } from '../../shared/simulators/plain-http.ts';
import { type Listening, type ListenOptions, listen } from './http-server.ts';

export interface Switched extends Listening {
  /** Takes a PUT of `{listening: boolean}`, and answers when it is so. */
  readonly switchUrl: string;
}

const wish = z.strictObject({ listening: z.boolean() });

/**
 * Puts a plain server on a port that can be told to refuse connections, as that of a server which is down does, and to take them again
 * at the same address. What was open is dropped.
 */
export const listenSwitched = async (
  server: PlainServer,
  options: ListenOptions = {},
): Promise<Switched> => {
  const first = await onSteadyPort(server, options);
  const { url } = first;
  const again = { ...options, port: Number(new URL(url).port) };
  let current: Listening | undefined = first;
  let turned: Promise<unknown> = Promise.resolve();

  const turn = async (on: boolean) => {
    if (on) current ??= await listen(server, again);
    else {
      await current?.close();
      current = undefined;
    }
  };
  const inTurn = (on: boolean) => {
    const done = turned.then(() => turn(on));
    turned = done.catch(() => {});

    return done;
  };
  const control = await listen(async ({ method, body }) => {
    const { data } = wish.safeParse(jsonOf(body));
    if (method !== 'PUT' || data === undefined) return reply(400, { code: 'invalid_request' });
    await inTurn(data.listening);

    return reply(200, data);
  }, options.timers && { timers: options.timers });

  return {
    url,
    switchUrl: control.url,
    close: async () => {
      await Promise.all([inTurn(false), control.close()]);
    },
  };
};

/**
 * Below the ports that systems give to connections on their way out: nobody gets this one by chance while we do not listen there.
 */
const onSteadyPort = async (
  server: PlainServer,
  options: ListenOptions,
  tries = 20,
): Promise<Listening> => {
  if (options.port !== undefined) return listen(server, options);
  try {
    return await listen(server, { ...options, port: 20_000 + Math.floor(Math.random() * 10_000) });
  } catch (error) {
    if (tries === 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;

    return onSteadyPort(server, options, tries - 1);
  }
};
