import type { BehaviourBody } from '../../shared/simulators/sinks/rule.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

const put = async (url: string, body: object): Promise<void> => {
  const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
};

/** Whether the simulated PG takes connections from now on. */
export const setGatewayListening = (
  { simulatorSwitchUrl: url }: Pick<LocalStack, 'simulatorSwitchUrl'>,
  listening: boolean,
): Promise<void> => {
  if (url === undefined) throw new Error('The PG of this stack cannot be switched off.');

  return put(url, { listening });
};

/** How a sink answers from now on, for the payments or events named. */
export const setSinkBehaviour = (sinkUrl: string, body: BehaviourBody): Promise<void> =>
  put(`${sinkUrl}/behaviour`, body);
