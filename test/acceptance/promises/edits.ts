// What somebody changes in PostHog: each kind of edit is seen where it was made, never overwritten unseen, and repaired on demand.
import { inOrder } from "../../support/flows";
import type { Live } from "../posthog";
import { Broken, type Promised } from "../promise";
import { isWrite, lineOf, writesOf } from "../world";
import { contentOf, journeyFlow, program, stepOf, subjectOf } from "./programs";

interface Edit {
  /** Also the name of its flow's resource. */
  kind: string;
  change(live: Live): void;
  /** Where a refresh and `hogflow drift` must show it. */
  path: RegExp;
}

const EDITS: readonly Edit[] = [
  { kind: "title", change: (live) => void (live["name"] = `Renamed · ${live["name"]}`), path: /^name$/ },
  {
    kind: "subject",
    change: (live) => void (stepOf(live, "mail")["config"].inputs.email.value.subject = "Bought!"),
    path: /^actions\.mail\.config\.inputs\.email\.value\.subject$/,
  },
  {
    kind: "wait",
    change: (live) => void (stepOf(live, "pause")["config"].delay_duration = "2d"),
    path: /^actions\.pause\.config\.delayDuration$/,
  },
  {
    kind: "stepTitle",
    change: (live) => void (stepOf(live, "pause")["name"] = "Pause"),
    path: /^actions\.pause\.name$/,
  },
  {
    kind: "addedStep",
    change(live) {
      live["actions"].splice(2, 0, { ...stepOf(live, "pause"), id: "bonus", name: "Bonus" });
      live["edges"] = inOrder("trigger_node", "pause", "bonus", "mail", "exit_node");
    },
    path: /^actions\.(bonus|pause\.next)/,
  },
  {
    kind: "removedStep",
    change(live) {
      live["actions"] = live["actions"].filter(({ id }: Live) => id !== "pause");
      live["edges"] = inOrder("trigger_node", "mail", "exit_node");
    },
    path: /^actions\.(pause|trigger_node\.next)/,
  },
  {
    kind: "rewired",
    change: (live) =>
      void (live["edges"] = [...inOrder("trigger_node", "mail", "exit_node"), ...inOrder("pause", "mail")]),
    path: /^actions\.trigger_node\.next$/,
  },
  {
    kind: "triggerEvent",
    change: (live) =>
      void (stepOf(live, "trigger_node")["config"].filters = { events: [{ id: "other event", type: "events" }] }),
    path: /^actions\.trigger_node\.config\.filters/,
  },
  {
    kind: "goal",
    change: (live) =>
      void (live["conversion"] = {
        window_minutes: null,
        filters: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }],
      }),
    path: /^conversion/,
  },
  {
    kind: "exitCondition",
    change: (live) => void (live["exit_condition"] = "exit_on_trigger_not_matched"),
    path: /^exitCondition$/,
  },
  {
    kind: "masking",
    change: (live) => void (live["trigger_masking"] = { hash: "{person.id}", ttl: 3600 }),
    path: /^triggerMasking/,
  },
  {
    kind: "variable",
    change: (live) => void (live["variables"] = [{ key: "code", label: "Code", type: "string", default: "A1" }]),
    path: /^variables/,
  },
];

/** A flow that somebody deletes. */
const DELETED = "deleted";
const UNTOUCHED = "untouched";

export const EDIT_PROMISES: readonly Promised[] = [
  {
    id: "edits",
    says: "Each kind of edit in PostHog is seen by refresh and by hogflow drift, at its field, and `pulumi up --refresh` repairs it",
    page: "docs/operating.md",
    async keeps(world) {
      const names = [...EDITS.map(({ kind }) => kind), DELETED, UNTOUCHED];
      const stack = await world.stack({ program: program(...names.map((name) => journeyFlow(world, name))) });
      await world.succeeds("pulumi up", () => stack.up());
      const ids = new Map<string, string>();
      const before = new Map<string, string>();
      for (const name of names) {
        const live = await world.flow(name);
        ids.set(name, live["id"]);
        before.set(name, contentOf(live));
      }
      for (const { kind, change } of EDITS) await world.posthog.edit(ids.get(kind)!, change);
      await world.posthog.remove(ids.get(DELETED)!);
      const untouched = (await world.posthog.read(ids.get(UNTOUCHED)!))["updated_at"];

      const refresh = await world.fails("pulumi refresh --expect-no-changes after edits", () =>
        stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]),
      );
      for (const name of [...EDITS.map(({ kind }) => kind), DELETED])
        world.holds(new RegExp(`::${name}\\]`).test(refresh.output), `refresh does not show the edit "${name}"`);
      world.holds(!refresh.output.includes(`::${UNTOUCHED}]`), "refresh shows a flow that nobody edited");

      const drift = await world.hogflow(stack, "drift", "--json");
      world.holds(drift.code === 2, `hogflow drift ended with exit code ${drift.code}, not 2: ${drift.stderr.trim()}`);
      const found = JSON.parse(drift.stdout || "[]") as {
        name: string;
        verdict: string;
        fields?: { path: string }[];
      }[];
      for (const { kind, path } of EDITS) {
        const fields = found.find(({ name }) => name === kind)?.fields ?? [];
        world.holds(
          fields.some((field) => path.test(field.path)),
          `hogflow drift does not name ${path.source} of the edit "${kind}", but ${fields.map((field) => field.path).join(", ") || "nothing"}`,
        );
      }
      world.holds(
        found.find(({ name }) => name === DELETED)?.verdict === "gone",
        "hogflow drift does not say that a flow is gone",
      );

      await world.succeeds("pulumi up --refresh", () => stack.up(["--refresh"]));
      for (const name of names) {
        const live = await world.flow(name);
        world.holds(
          contentOf(live) === before.get(name),
          `"${name}" is not as it was before the edit: ${contentOf(live)}`,
        );
      }
      const still = (await world.posthog.read(ids.get(UNTOUCHED)!))["updated_at"];
      world.holds(still === untouched, "a flow that nobody edited was written, too");
      await world.succeeds("a refresh after the repair", () =>
        stack.refresh(["--preview-only", "--expect-no-changes"]),
      );
    },
  },
  {
    id: "unseen-edit",
    says: "An `up` never overwrites an edit that nobody has seen: it stops, and names the field",
    page: "docs/operating.md",
    async keeps(world) {
      const stack = await world.stack({ program: program(journeyFlow(world, "fenced")) });
      await world.succeeds("pulumi up", () => stack.up());
      const { id } = await world.flow("fenced");
      await world.posthog.edit(
        id,
        (live) => void (stepOf(live, "mail")["config"].inputs.email.value.subject = "Of marketing"),
      );
      await stack.writeProgram(program(journeyFlow(world, "fenced", { subject: "Of the program" })));
      const up = await world.fails("pulumi up over an edit", () => stack.up());
      world.holds(
        up.output.includes("actions.mail.config.inputs.email.value.subject"),
        "the refusal does not name the field that was edited",
      );
      const live = await world.posthog.read(id);
      if (subjectOf(live) !== "Of marketing") throw new Broken(`the edit was overwritten by "${subjectOf(live)}"`);
      await world.succeeds("pulumi up --refresh", () => stack.up(["--refresh"]));
      world.holds(
        subjectOf(await world.posthog.read(id)) === "Of the program",
        "up --refresh did not write the program's text",
      );
    },
  },
  {
    id: "one-change",
    says: "A changed text changes that text and nothing else, in one write",
    page: "README.md",
    async keeps(world) {
      const stack = await world.stack({ program: program(journeyFlow(world, "worded"), journeyFlow(world, "other")) });
      await world.succeeds("pulumi up", () => stack.up());
      const before = await world.flow("worded");
      await stack.writeProgram(
        program(journeyFlow(world, "worded", { subject: "Hello" }), journeyFlow(world, "other")),
      );
      const preview = await world.during(() => world.succeeds("pulumi preview", () => stack.preview(["--diff"])));
      for (const one of preview.passed.filter(isWrite)) world.differs(`the preview wrote: ${lineOf(one)}`);
      const { passed } = await world.during(() => world.succeeds("pulumi up with another text", () => stack.up()));
      const writes = writesOf(passed);
      world.holds(writes.length <= 1, `it took ${writes.length} writes: ${writes.map(lineOf).join(", ")}`);
      const after = await world.flow("worded");
      world.holds(
        contentOf(after) === contentOf(before).replace('"subject":"Welcome"', '"subject":"Hello"'),
        `more than the text changed: ${contentOf(after)}`,
      );
      world.holds(after["id"] === before["id"], "the flow is another one");
    },
  },
];
