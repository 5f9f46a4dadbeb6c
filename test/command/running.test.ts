// The commands that make something happen: test runs, batches, deletion. What is sent or lost for good is asked about first, and done once.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { flowJson, useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();

describe("hogflow test", () => {
  it("walks from step to step, mocked, and tells what each did", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Tested" }));
    live.emulator.record(id, {
      steps: { hook: { logs: [{ level: "info", message: "Would call https://example.com/hook" }] } },
    });
    live.emulator.clearRequests();
    const { code, stdout, stderr } = await live.run([
      "test",
      id,
      "--event",
      "signed up",
      "--person-properties",
      '{"email": "a@example.com"}',
      "--variables",
      '{"coupon": "X"}',
    ]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "ok       Free plan (trigger_node, trigger)",
      "         Executing action [Action:trigger_node]",
      "         Workflow moved to action [Action:hook]",
      "ok       Tell the backend (hook, function)",
      "         Would call https://example.com/hook",
      "ok       Exit (exit_node, exit)",
      "         Executing action [Action:exit_node]",
      "",
    ]);
    expect(stderr).toBe("3 steps: reached the end.\n");
    const bodies = live.emulator.requests.filter(({ method }) => method === "POST").map(({ body }) => body as any);
    expect(bodies.map((body) => [body.current_action_id, body.mock_async_functions])).toEqual([
      ["trigger_node", true],
      ["hook", true],
      ["exit_node", true],
    ]);
    expect(bodies[0].globals).toMatchObject({
      event: { event: "signed up", distinct_id: "test-person" },
      person: { properties: { email: "a@example.com" } },
      variables: { coupon: "X" },
    });
  });

  it("ends with 2 when a step fails or the trigger does not match", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Failing" }));
    live.emulator.record(id, {
      steps: { hook: { status: "error", errors: ["the host does not exist"], nextActionId: null } },
    });
    const failed = await live.run(["test", id]);
    expect(failed.code).toBe(2);
    expect(failed.stdout).toContain("failed   Tell the backend (hook, function)\n         the host does not exist");
    live.emulator.record(id, { steps: { trigger_node: { status: "skipped", nextActionId: null } } });
    const skipped = await live.run(["test", id, "--json"]);
    expect([skipped.code, JSON.parse(skipped.stdout).end]).toEqual([2, "skipped"]);
  });

  it("begins and ends where it is told to, in a file, too", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Part" }));
    expect(
      (await live.json(["test", id, "--from", "hook", "--max-steps", "1"])).steps.map((one: any) => [one.id, one.next]),
    ).toEqual([["hook", "exit_node"]]);
    expect((await live.run(["test", id, "--from", "elsewhere"])).stderr).toMatch(
      /has no step "elsewhere"\. Its steps are trigger_node, hook, exit_node\./,
    );
    expect((await live.run(["test", id, "--draft"])).stderr).toContain("no staged draft");
    await writeFile(path.join(live.dir, "local.json"), JSON.stringify(flowJson()));
    live.emulator.clearRequests();
    expect((await live.json(["test", "local.json"])).end).toBe("completed");
    expect(live.emulator.requests[0]).toMatchObject({
      path: "/api/projects/1/hog_flows/new/invocations/",
      body: { configuration: { name: "Newsletter" } },
    });
  });

  it("sends nothing for real without being asked twice", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Live" }));
    live.emulator.clearRequests();
    const refused = await live.run(["test", id, "--live"]);
    expect([refused.code, live.emulator.requests.length]).toEqual([1, 0]);
    expect(refused.stderr).toMatch(/really sends its messages.*\n.*Nothing was done\..*--yes/);
    await live.json(["test", id, "--live", "--yes"]);
    expect(
      live.emulator.requests
        .filter(({ method }) => method === "POST")
        .map(({ body }) => (body as any).mock_async_functions),
    ).toEqual([false, false, false]);
  });
});

describe("hogflow audience", () => {
  it("counts a flow's audience, or a file's, and warns of the limit", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Audience" }));
    live.emulator.audience("1", { affected: 1234, total: 5000 });
    expect((await live.run(["audience", id])).stdout).toBe("1,234 people of 5,000 (24.7 %)\n");
    await writeFile(path.join(live.dir, "filters.json"), JSON.stringify({ audience_type: "persons", properties: [] }));
    live.emulator.clearRequests();
    expect(await live.json(["audience", "filters.json", "--dedupe", "email"])).toEqual({
      affected: 1234,
      total: 5000,
      limit: 5000,
      overLimit: false,
    });
    expect(live.emulator.requests[0]!.body).toEqual({
      filters: { audience_type: "persons", properties: [] },
      dedupe_key: "email",
    });
    live.emulator.audience("1", { affected: 6000, total: 9000 });
    const over = await live.run(["audience", id]);
    expect([over.code, over.stderr]).toEqual([2, expect.stringContaining("more than the 5,000")]);
    live.emulator.audience("1", { affected: 0, total: 0 });
    expect((await live.run(["audience", id])).stdout).toBe("0 people of 0\n");
  });

  it("refuses a flow without one, and a file that is no JSON, with line and column", async () => {
    const event = flowJson({ name: "By event" });
    event.actions[0]!.config = {
      type: "event",
      filters: { events: [{ id: "x", name: "x", type: "events", order: 0 }] },
    };
    expect((await live.run(["audience", live.emulator.seed(event).id])).stderr).toMatch(
      /"By event" has no audience\. Its trigger is of type event/,
    );
    await writeFile(path.join(live.dir, "broken.json"), '{\n  "properties": ]\n}');
    const broken = await live.run(["audience", "broken.json"]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/broken\.json:2:17 is not JSON/)]);
    expect((await live.run(["audience", "absent.json"])).stderr).toContain("absent.json does not exist");
  });
});

describe("hogflow batch", () => {
  it("says whom it reaches, starts nothing without consent, and then starts one batch", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Batch" }));
    live.emulator.audience("1", { affected: 6000, total: 9000 });
    const refused = await live.run(["batch", "start", id]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /"Batch" will run for 6,000 people of 9,000, in project 1 at http.*\n.*5,000.*the rest is left out\.\nMessages cannot be unsent\.\n.*--yes/,
    );
    expect(await live.json(["batch", "list", id])).toEqual([]);
    const job = await live.json(["batch", "start", id, "--yes", "--variables", '{"coupon": "SPRING"}']);
    expect(job).toMatchObject({ status: "queued", variables: { coupon: "SPRING" } });
    expect((await live.json(["batch", "list", id])).map((one: any) => one.id)).toEqual([job.id]);
    expect((await live.run(["batch", "list", id])).stdout).toMatch(
      new RegExp(`^batch .*\\n${job.id}  queued .*user-1@example.com\\n$`),
    );
    expect((await live.run(["batch", "start", id])).stderr).toContain(
      "1 batch of it is running already: people may get everything twice.",
    );
  });

  it("never starts a second one when the answer is lost", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Lost" }));
    live.emulator.fault({ kind: "cut", when: "after", method: "POST", path: /batch_jobs/ });
    const { code, stderr } = await live.run(["batch", "start", id, "--yes"]);
    live.emulator.clearFaults();
    expect(code).toBe(1);
    expect(stderr).toMatch(/The batch may or may not have started\..*hogflow batch list/s);
    expect(await live.json(["batch", "list", id])).toHaveLength(1);
  });

  it("waits for the end of one; 2 when it failed", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Watched" }));
    const [first, second] = [live.emulator.ui.batchJob(id), live.emulator.ui.batchJob(id)];
    live.emulator.batchStatus(id, first.id, "failed");
    const failed = await live.run(["batch", "watch", id, first.id]);
    expect([failed.code, failed.stdout]).toEqual([2, `Batch ${first.id} ended: failed.\n`]);
    const waiting = live.run(["batch", "watch", id]);
    await vi.waitFor(() => expect(live.emulator.requests.at(-1)!.path).toContain(`${id}/batch_jobs`));
    live.emulator.batchStatus(id, second.id, "completed");
    expect(await waiting).toMatchObject({ code: 0, stdout: `Batch ${second.id} completed.\n` });
    expect((await live.run(["batch", "watch", id, "nothing"])).stderr).toContain("has no batch nothing");
  });

  it("refuses a flow that is switched off or has no audience", async () => {
    const draft = live.emulator.seed(flowJson({ name: "Off", status: "draft" }));
    const { code, stderr } = await live.run(["batch", "start", draft.id, "--yes"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/"Off" is draft\. Only an active flow runs a batch/)]);
    expect((await live.run(["batch", "start", draft.id, "--variables", "[1]"])).code).toBe(3);
  });
});

describe("hogflow bulk-delete", () => {
  it("names what it would delete, and deletes archived flows alone", async () => {
    const old = live.emulator.seed(
      flowJson({
        name: "Old",
        status: "archived",
        description:
          "Mail.\n\nManaged in code by pulumi-hogflow: shop/dev/old. Edit in Git; edits here are reported as drift. [hogflow 0123456789ab 0123456789ab]",
      }),
    );
    const older = live.emulator.seed(flowJson({ name: "Older", status: "archived" }));
    const used = live.emulator.seed(flowJson({ name: "In use" }));
    const listed = await live.run(["bulk-delete", "--all"]);
    expect(listed.code).toBe(1);
    expect(listed.stderr).toContain(
      `  ${old.id}  Old  (Managed in code by pulumi-hogflow: shop/dev/old: also remove it from the program)`,
    );
    expect(listed.stderr).toContain(`  ${older.id}  Older\n`);
    expect(listed.stderr).not.toContain("In use");
    const mixed = await live.run(["bulk-delete", old.id, used.id, "--yes"]);
    expect([mixed.code, mixed.stderr]).toEqual([
      1,
      expect.stringMatching(/Only archived flows.*:\n.*In use is active\nArchive them first/),
    ]);
    expect(live.emulator.flow(old.id)).toBeDefined();
    expect(await live.json(["bulk-delete", "Old", "--yes"])).toMatchObject({ deleted: 1, left: [] });
    expect((await live.run(["bulk-delete", "--all", "--yes"])).stdout).toBe("1 flow deleted.\n");
    expect([live.emulator.flow(old.id), live.emulator.flow(older.id), live.emulator.flow(used.id)?.name]).toEqual([
      undefined,
      undefined,
      "In use",
    ]);
    expect((await live.run(["bulk-delete", "--all", "--yes"])).stdout).toBe("There are no archived flows.\n");
  });

  it("wants flows or --all, and not both", async () => {
    for (const args of [[], ["--all", "x"]]) expect((await live.run(["bulk-delete", ...args])).code).toBe(3);
  });
});
