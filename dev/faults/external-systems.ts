import type { BehaviourBody } from '../../shared/simulators/sinks/rule.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

const put = async (url: string, body: object): Promise<void> => {
  const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
};

/** Makes the simulated gateway accept or refuse connections. */
export const setGatewayListening = (
  { simulatorSwitchUrl: url }: Pick<LocalStack, 'simulatorSwitchUrl'>,
  listening: boolean,
): Promise<void> => {
  if (url === undefined) throw new Error('The gateway of this stack cannot be switched off.');

  return put(url, { listening });
};

/** Sets how a sink answers, for all deliveries or for the given payments or events. */
export const setSinkBehaviour = (sinkUrl: string, body: BehaviourBody): Promise<void> =>
  put(`${sinkUrl}/behaviour`, body);
