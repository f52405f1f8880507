import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { VirtualTime } from './time.ts';

/** What each part of a simulated world is given. The randomness is its own, or shared by the services of AWS. */
export interface WorldParts {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly story: Story;
}
