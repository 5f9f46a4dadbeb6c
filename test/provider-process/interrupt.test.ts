// An interrupt: the engine sends one at the end of every command and waits up to five seconds for the provider to go; a Ctrl-C may send one in the
// middle of a write.
import { expect, it } from "vitest";
import { useWorld, welcome } from "./support";

const world = useWorld();

/** Milliseconds until the process is gone. */
async function goneAfter(pid: number): Promise<number> {
  const started = Date.now();
  const alive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(alive, { timeout: 10_000, interval: 20 }).toBe(false);
  return Date.now() - started;
}

it("goes at once when nothing is under way", async () => {
  const provider = await world.another();
  await world.project().flow(welcome(), "welcome", { provider }).go();
  process.kill(provider.pid, "SIGINT");
  expect(await goneAfter(provider.pid)).toBeLessThan(2_000);
});

it("finishes what is under way, answers, and goes", async () => {
  const provider = await world.another();
  const flow = world.project().flow(welcome({ status: "active" }), "welcome", { provider });
  world.emulator.latency(700);
  const up = flow.go();
  await expect
    .poll(() => flow.project.records.some(({ method }) => method === "POST"), { timeout: 10_000, interval: 20 })
    .toBe(true);
  process.kill(provider.pid, "SIGINT");
  process.kill(provider.pid, "SIGINT");
  await up;
  // Both requests were made: the draft was posted, and then activated.
  expect(flow.project.only().status).toBe("active");
  expect(flow.outputs["liveStatus"]).toBe("active");
  expect(await goneAfter(provider.pid)).toBeLessThan(2_000);
});
