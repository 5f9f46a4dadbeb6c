// Requests that fail, answers that are lost, runs that are killed: nothing is made twice, and the next `up` goes on.
import { setTimeout as sleep } from "node:timers/promises";
import type { Disturbance } from "../gate";
import { Broken, type Promised } from "../promise";
import type { World } from "../world";
import { contentOf, journeyFlow, program, subjectOf } from "./programs";

const FLOWS = /\/hog_flows\/?$/;
const ONE_FLOW = /\/hog_flows\/[0-9a-f-]{36}\/?$/;

/** What goes wrong, once each, in an `up` that creates and in one that changes. */
const CREATING: readonly Disturbance[] = [
  { method: "GET", path: FLOWS, how: 503 },
  { method: "POST", path: FLOWS, how: 429 },
  { method: "POST", path: FLOWS, how: "broken" },
  { method: "POST", path: FLOWS, how: "lost" },
];
const CHANGING: readonly Disturbance[] = [
  { method: "PUT", path: ONE_FLOW, how: 503 },
  { method: "PUT", path: ONE_FLOW, how: "broken" },
  { method: "PUT", path: ONE_FLOW, how: "lost" },
];
const POLL_MS = 20;
const LONGEST_WAIT_MS = 120_000;

const wordsOf = ({ method, how }: Disturbance): string =>
  `${method} ${typeof how === "number" ? `answered with ${how}` : how}`;

export const FAILURE_PROMISES: readonly Promised[] = [
  {
    id: "lost-answers",
    says: "Nothing is created twice, and no change is lost, when requests fail or their answers are lost",
    page: "docs/operating.md",
    async keeps(world) {
      for (const [index, disturbance] of CREATING.entries()) {
        const name = `made${index}`;
        const stack = await world.stack({
          project: `${world.mark}-${index}`,
          program: program(journeyFlow(world, name)),
        });
        world.gate.disturb(disturbance);
        await world.succeeds(`pulumi up after ${wordsOf(disturbance)}`, () => stack.up());
        await world
          .flow(name)
          .catch(({ message }: Error) => world.differs(`after ${wordsOf(disturbance)}: ${message}`));
        if (index < CREATING.length - 1) continue;
        for (const [at, change] of CHANGING.entries()) {
          const subject = `After ${at}`;
          await stack.writeProgram(program(journeyFlow(world, name, { subject })));
          world.gate.disturb(change);
          await world.succeeds(`pulumi up after ${wordsOf(change)}`, () => stack.up());
          const live = await world.flow(name);
          world.holds(
            subjectOf(live) === subject,
            `after ${wordsOf(change)}: the flow says "${subjectOf(live)}", not "${subject}"`,
          );
        }
        await world.succeeds("a refresh", () => stack.refresh(["--preview-only", "--expect-no-changes"]));
      }
    },
  },
  {
    id: "killed-run",
    says: "A run that is killed leaves nothing double: the next up takes over what it made",
    page: "docs/operating.md",
    async keeps(world) {
      const stack = await world.stack({ program: program(journeyFlow(world, "interrupted")) });
      const from = world.gate.passed.length;
      await stack.up([], { kill: { when: created(world, from), target: "all" } });
      const made = contentOf(await world.flow("interrupted"));
      await stack.cancel();
      await world.succeeds("the up after the kill", () => stack.up());
      const live = await world.flow("interrupted");
      world.holds(contentOf(live) === made, "the flow changed");
      await world.succeeds("a refresh", () => stack.refresh(["--preview-only", "--expect-no-changes"]));
    },
  },
];

/** Resolves when PostHog has made a flow. */
async function created(world: World, from: number): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS;
  while (
    !world.gate.passed
      .slice(from)
      .some(({ method, path, status }) => method === "POST" && FLOWS.test(path) && status === 201)
  ) {
    if (Date.now() > end) throw new Broken("PostHog was not asked to create a flow");
    await sleep(POLL_MS);
  }
}
