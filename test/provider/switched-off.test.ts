// L3: a flow that somebody switched off in PostHog although the program has it on. The refresh notes it, and whatever leads to the `up` that switches it on
// again says so, until an `up` has decided.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

interface Kept {
  id: string;
  inputs: Dict;
  outs: Dict;
}

async function made(at: Rig, status?: string): Promise<Kept> {
  const { inputs } = await at.flow.check({}, inputsOf(at, status === undefined ? {} : { status }));
  const { id, outs } = await at.flow.create(inputs);
  at.warnings.splice(0);
  return { id, inputs, outs };
}
/** What the engine keeps of a refresh. */
async function refreshed(at: Rig, { id, inputs, outs }: Kept): Promise<Kept> {
  const read = await at.flow.read(id, outs);
  return { id, inputs: read.isKnown ? inputs : (read.inputs ?? inputs), outs: read.props ?? outs };
}
async function preview(at: Rig, { id, inputs, outs }: Kept, more: Dict): Promise<{ news: Dict; diff: Dict }> {
  const { inputs: news, failures } = await at.flow.check(inputs, inputsOf(at, more));
  expect(failures).toEqual([]);
  return { news, diff: { ...(await at.flow.diff(id, outs, news)) } };
}
const said = (at: Rig): string[] => at.warnings.splice(0).filter((text) => !text.includes("in flight"));

describe.each(["draft", "archived"])("an active flow that became %s in PostHog", (off) => {
  it("is said by each refresh, with the save that a refresh saw first, and by the preview that switches it on", async () => {
    const at = rig();
    const flow = await made(at, "active");
    at.emulator.ui.setStatus(flow.id, off);
    const stamp: string = at.emulator.flow(flow.id).updated_at;
    const first = await refreshed(at, flow);
    expect(first.inputs).toMatchObject({ status: off, switchedOff: stamp });
    expect(first.outs).toMatchObject({ status: off, liveStatus: off, switchedOff: stamp });
    const [refresh, ...none] = said(at);
    expect(none).toEqual([]);
    expect(refresh).toContain(`(${flow.id}) was switched off in PostHog: it is`);
    expect(refresh).toContain(`last saved ${stamp}`);
    expect(refresh).toContain('An up with status: "active" in the program switches it on again.');
    expect(refresh).toContain(`To keep it off, write status: "${off}".`);

    // A later save, of a title, is not when it was switched off.
    at.emulator.ui.edit(flow.id, (live) => void (live.name = "Paused"));
    const second = await refreshed(at, first);
    expect(second.inputs["switchedOff"]).toBe(stamp);
    expect(said(at)).toHaveLength(1);

    const { news, diff } = await preview(at, second, { status: "active", name: "Paused" });
    expect(news).not.toHaveProperty("switchedOff");
    expect(diff["changes"]).not.toBe(false);
    const [resumes, ...others] = said(at);
    expect(others).toEqual([]);
    expect(resumes).toContain("[resumes]");
    expect(resumes).toContain(`switches on a flow that was switched off in PostHog, where it was last saved ${stamp}`);
    expect(resumes).toContain(`To keep it off, write status: "${off}"`);
    await preview(at, second, { status: "active", acknowledge: ["resumes"] });
    expect(said(at)).toEqual([]);

    const { outs } = await at.flow.update(flow.id, second.outs, news);
    expect(at.emulator.flow(flow.id).status).toBe("active");
    expect(outs).not.toHaveProperty("switchedOff");
  });

  it("stays off where the program says so, or leaves it to PostHog: one update without a request ends the note", async () => {
    const at = rig();
    const flow = await made(at, "active");
    at.emulator.ui.setStatus(flow.id, off);
    const state = await refreshed(at, flow);
    said(at);
    for (const more of [{ status: off }, {}]) {
      const { news, diff } = await preview(at, state, more);
      expect(diff["changes"]).not.toBe(false);
      const requests = at.requests().length;
      const { outs } = await at.flow.update(flow.id, state.outs, news);
      expect(at.requests()).toHaveLength(requests);
      expect(outs).not.toHaveProperty("switchedOff");
      expect(at.emulator.flow(flow.id).status).toBe(off);
      const after = await refreshed(at, { id: flow.id, inputs: news, outs });
      expect(after.inputs).not.toHaveProperty("switchedOff");
      expect(said(at).filter((text) => text.includes("switched off"))).toEqual([]);
    }
  });

  it("stays off where the program says so before any refresh, also together with other changes", async () => {
    for (const more of [{ status: off }, { status: off, exitCondition: "exit_only_at_end" }, {}]) {
      const at = rig();
      const flow = await made(at, "active");
      at.emulator.ui.setStatus(flow.id, off);
      const { news } = await preview(at, flow, more);
      const { outs } = await at.flow.update(flow.id, flow.outs, news);
      expect(at.emulator.flow(flow.id).status).toBe(off);
      const after = await refreshed(at, { id: flow.id, inputs: news, outs });
      expect(after.inputs).not.toHaveProperty("switchedOff");
      expect(said(at).filter((text) => text.includes("switched off"))).toEqual([]);
    }
  });

  it("is no longer noted once somebody has switched it on again", async () => {
    const at = rig();
    const flow = await made(at, "active");
    at.emulator.ui.setStatus(flow.id, off);
    const state = await refreshed(at, flow);
    said(at);
    at.emulator.ui.setStatus(flow.id, "active");
    const after = await refreshed(at, state);
    expect(after.inputs).not.toHaveProperty("switchedOff");
    expect(after.inputs["status"]).toBe("active");
    expect(said(at)).toEqual([]);
  });

  it("is said by the update that meets it without a refresh, and stays off", async () => {
    const at = rig();
    const flow = await made(at, "active");
    at.emulator.ui.setStatus(flow.id, off);
    const { news } = await preview(at, flow, { status: "active", exitCondition: "exit_only_at_end" });
    const error: Error = await at.flow.update(flow.id, flow.outs, news).then(
      () => expect.fail("the update went through"),
      (refused: Error) => refused,
    );
    expect(error.message).toContain("Somebody switched the flow off");
    expect(error.message).toContain(`To keep it off, write status: "${off}".`);
    expect(at.emulator.flow(flow.id).status).toBe(off);
  });
});

describe("nothing is said", () => {
  it("of a status that this stack never brought about", async () => {
    const at = rig();
    const flow = await made(at, "draft");
    // As an `up` leaves it whose activation was refused.
    const unfinished = {
      ...flow,
      inputs: { ...flow.inputs, status: "active" },
      outs: { ...flow.outs, status: "active" },
    };
    const after = await refreshed(at, unfinished);
    expect(after.inputs).not.toHaveProperty("switchedOff");
    expect(said(at)).toEqual([]);
  });

  it("of a draft whose status is left to PostHog", async () => {
    const at = rig();
    const flow = await made(at);
    at.emulator.ui.setStatus(flow.id, "active");
    const on = await refreshed(at, flow);
    at.emulator.ui.setStatus(flow.id, "draft");
    expect((await refreshed(at, on)).inputs).not.toHaveProperty("switchedOff");
    expect(said(at)).toEqual([]);
  });
});

describe("an archived flow whose status is left to PostHog", () => {
  it("is said by each refresh, and by the preview of a change to it", async () => {
    const at = rig();
    const flow = await made(at);
    at.emulator.ui.setStatus(flow.id, "archived");
    const state = await refreshed(at, flow);
    expect(said(at)).toEqual([
      expect.stringContaining("is archived in PostHog and sends nothing. The program states no status"),
    ]);
    await preview(at, state, {});
    expect(said(at)).toEqual([]);
    await preview(at, state, { exitCondition: "exit_only_at_end" });
    expect(said(at)).toEqual([expect.stringContaining("is archived in PostHog and sends nothing.")]);
    for (const status of ["active", "archived"]) await preview(at, state, { status });
    expect(said(at)).toEqual([]);
  });
});
