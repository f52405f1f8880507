import * as z from 'zod';
import { parseJson } from '../../shared/domain/json.ts';
import { jsonReply, type PlainServer } from '../../shared/simulators/plain-http.ts';
import { type ListenOptions, listen, type RunningServer } from './http-server.ts';

export interface ToggleableServer extends RunningServer {
  /** Accepts a PUT of `{listening: boolean}` and answers when the switch is done. */
  readonly switchUrl: string;
}

const switchRequest = z.strictObject({ listening: z.boolean() });

/**
 * Serves a plain server on a port that can be closed, so that connections are refused as by a server that is down, and
 * opened again. Closing it also closes the open connections.
 */
export const listenToggleable = async (
  server: PlainServer,
  options: ListenOptions = {},
): Promise<ToggleableServer> => {
  const first = await listenOnStablePort(server, options);
  const { url } = first;
  const samePort = { ...options, port: Number(new URL(url).port) };
  let current: RunningServer | undefined = first;
  let lastSwitch: Promise<unknown> = Promise.resolve();

  const setListening = async (on: boolean) => {
    if (on) current ??= await listen(server, samePort);
    else {
      await current?.close();
      current = undefined;
    }
  };
  const enqueueSwitch = (on: boolean) => {
    const done = lastSwitch.then(() => setListening(on));
    lastSwitch = done.catch(() => {});

    return done;
  };
  const control = await listen(async ({ method, body }) => {
    const { data } = switchRequest.safeParse(parseJson(body));
    if (method !== 'PUT' || data === undefined) return jsonReply(400, { code: 'invalid_request' });
    await enqueueSwitch(data.listening);

    return jsonReply(200, data);
  }, options.timers && { timers: options.timers });

  return {
    url,
    switchUrl: control.url,
    close: async () => {
      await Promise.all([enqueueSwitch(false), control.close()]);
    },
  };
};

/**
 * Listens on a port below the ephemeral range, so that no outgoing connection takes it while the server is off.
 */
const listenOnStablePort = async (
  server: PlainServer,
  options: ListenOptions,
  attemptsLeft = 20,
): Promise<RunningServer> => {
  if (options.port !== undefined) return listen(server, options);
  try {
    return await listen(server, { ...options, port: 20_000 + Math.floor(Math.random() * 10_000) });
  } catch (error) {
    if (attemptsLeft === 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;

    return listenOnStablePort(server, options, attemptsLeft - 1);
  }
};
