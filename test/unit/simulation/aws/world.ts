import { type FaultMix, only } from '../../../simulation/virtual/fault-mix.ts';
import { Faults } from '../../../simulation/virtual/faults.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { Story } from '../../../simulation/virtual/story.ts';
import { VirtualTime } from '../../../simulation/virtual/time.ts';

/** What each service of AWS is given, with these faults and no others. */
export const createWorld = (mix: Partial<FaultMix> = {}) => {
  const random = new Random(1);
  const time = new VirtualTime(Date.parse('2026-03-14T12:00:00.000Z'), random.fork('ties'));
  const faults = new Faults({ mix: only(mix), random: random.fork('faults'), time });

  return { time, random, faults, story: new Story(time) };
};
