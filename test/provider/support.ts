// The lifecycle in the test's own process, on a real emulator over HTTP, with time and log as parameters.
import { afterAll, beforeAll } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import type { Clock } from "../../api";
import type { Dict } from "../../definition/canonical/values";
import type { Lifecycle } from "../../provider/calls";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { scheduleLifecycle } from "../../provider/schedule/lifecycle";
import { Session } from "../../provider/session";

export interface Rig {
  emulator: Emulator;
  flow: Lifecycle;
  schedule: Lifecycle;
  session: Session;
  warnings: string[];
  notes: string[];
  clock: FakeClock;
  /** Where resources live, and whose they are. */
  place: { host: string; projectId: string; owner: string };
  requests(): string[];
}

/** Time that passes only where somebody sleeps. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  constructor(public time = Date.now()) {}
  now(): number {
    return this.time;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.time += ms;
  }
  random(): number {
    return 0.5;
  }
}

const PROJECTS = 100;

/** A rig for each call, with a project and a clock of its own. */
export function useLifecycle(): { rig(env?: Record<string, string>): Rig } {
  let emulator: Emulator;
  let next = 0;
  beforeAll(async () => {
    emulator = await startEmulator({ projects: Array.from({ length: PROJECTS }, (_, i) => ({ id: String(i + 1) })) });
  });
  afterAll(() => emulator.stop());
  return {
    rig(env = {}) {
      const projectId = String((next += 1));
      const clock = new FakeClock();
      const warnings: string[] = [];
      const notes: string[] = [];
      const session = new Session({
        env: { POSTHOG_API_KEY: "phx_test", POSTHOG_HOST: emulator.url, ...env },
        clock,
        warn: (text) => void warnings.push(text),
        note: (text) => void notes.push(text),
      });
      const root = `/api/projects/${projectId}/hog_flows`;
      return {
        emulator,
        flow: flowLifecycle(session),
        schedule: scheduleLifecycle(session),
        session,
        warnings,
        notes,
        clock,
        place: { host: emulator.url, projectId, owner: "urn:pulumi:dev::shop::posthog:HogFlow::welcome" },
        requests: () =>
          emulator.requests
            .filter(({ path }) => path.startsWith(root))
            .map(({ method, query, status }) => `${method}${query ? ` ?${/^\w+/.exec(query)?.[0]}` : ""} ${status}`),
      };
    },
  };
}

export const inputsOf = (rig: Rig, more: Dict = {}): Dict => ({
  name: "welcome",
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Signed up",
      config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
      next: "exit_node",
    },
    exit_node: { type: "exit", name: "Exit" },
  },
  ...rig.place,
  ...more,
});
