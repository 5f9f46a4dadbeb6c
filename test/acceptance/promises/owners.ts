// Whose a flow is: one that was made in PostHog is taken over as it is, and one that another stack has is left alone.
import type { Promised } from "../promise";
import { isWrite, lineOf, writesOf } from "../world";
import { contentOf, journeyFlow, madeByHand, program, subjectOf } from "./programs";

export const OWNER_PROMISES: readonly Promised[] = [
  {
    id: "adopt",
    says: "A flow that was made in PostHog is taken over with nothing but the marker, and archived at the end, not deleted",
    page: "docs/guide.md",
    async keeps(world) {
      const id = await madeByHand(world, "adopted");
      const before = contentOf(await world.posthog.read(id));
      const stack = await world.stack({ program: program(journeyFlow(world, "adopted", {}, `adopt: "${id}"`)) });
      const { passed } = await world.during(() => world.succeeds("the up that adopts", () => stack.up()));
      const writes = writesOf(passed);
      world.holds(
        writes.length === 1 && writes[0]!.path.includes(id),
        `it wrote ${writes.map(lineOf).join(", ") || "nothing"}, and not the marker alone`,
      );
      const live = await world.flow("adopted");
      world.holds(live["id"] === id, "a second flow was made");
      world.holds(contentOf(live) === before, `the content changed: ${contentOf(live)}`);
      await world.isSilent(stack);
      await world.succeeds("pulumi destroy", () => stack.destroy());
      world.holds((await world.posthog.read(id))["status"] === "archived", "destroy did not archive the flow");
    },
  },
  {
    id: "adopt-differing",
    says: "A flow that differs from the program is not taken over unseen: preview and up name the field, and write nothing",
    page: "docs/guide.md",
    async keeps(world) {
      const id = await madeByHand(world, "theirs", "Of marketing");
      const stack = await world.stack({ program: program(journeyFlow(world, "theirs", {}, `adopt: "${id}"`)) });
      for (const [what, run] of [
        ["a preview", () => stack.preview()],
        ["an up", () => stack.up()],
      ] as const) {
        const { result, passed } = await world.during(() => world.fails(`${what} that adopts what differs`, run));
        world.holds(
          result.output.includes("actions.mail.config.inputs.email.value.subject"),
          `${what} does not name the field`,
        );
        for (const one of passed.filter(isWrite)) world.differs(`${what} wrote: ${lineOf(one)}`);
      }
      world.holds(subjectOf(await world.posthog.read(id)) === "Of marketing", "the flow was written over");
    },
  },
  {
    id: "other-owner",
    says: "A flow that another stack manages is never changed or deleted",
    page: "docs/operating.md",
    async keeps(world) {
      const first = await world.stack({ program: program(journeyFlow(world, "owned")) });
      await world.succeeds("pulumi up of the owner", () => first.up());
      const before = await world.flow("owned");
      const second = await world.stack({
        stack: "other",
        program: program(journeyFlow(world, "owned", { subject: "Taken" }, `adopt: "${before["id"]}"`)),
      });
      const { passed } = await world.during(async () => {
        await world.fails("a preview of another stack that adopts it", () => second.preview());
        await world.fails("an up of another stack that adopts it", () => second.up());
        await world.succeeds("destroy of the other stack", () => second.destroy());
      });
      for (const one of passed.filter(isWrite)) world.differs(`the other stack wrote: ${lineOf(one)}`);
      const after = await world.flow("owned");
      world.holds(after["updated_at"] === before["updated_at"], "the flow was saved");
      await world.succeeds("the owner's refresh", () => first.refresh(["--preview-only", "--expect-no-changes"]));
    },
  },
  {
    id: "lost-state",
    says: "A stack that lost its state takes its own flows up again, and makes no second one",
    page: "docs/operating.md",
    async keeps(world) {
      const stack = await world.stack({ program: program(journeyFlow(world, "remembered")) });
      await world.succeeds("pulumi up", () => stack.up());
      const before = await world.flow("remembered");
      const state = await stack.exportState();
      state.deployment.resources = state.deployment.resources.filter(
        ({ type }: { type: string }) => !type.endsWith(":HogFlow"),
      );
      await world.succeeds("pulumi stack import", () => stack.importState(state));
      await world.succeeds("pulumi up without the state", () => stack.up());
      const after = await world.flow("remembered");
      world.holds(after["id"] === before["id"], "it is another flow");
      world.holds(after["status"] === "draft", `it is ${after["status"]}, and was a draft`);
      world.holds(contentOf(after) === contentOf(before), `${contentOf(before)} became ${contentOf(after)}`);
    },
  },
  {
    id: "removal",
    says: "A flow that leaves the program is deleted, or archived with onDelete, and no other one",
    page: "docs/guide.md",
    async keeps(world) {
      const archived = (): string => journeyFlow(world, "archived", { onDelete: "archive" });
      const stays = journeyFlow(world, "stays");
      const stack = await world.stack({ program: program(journeyFlow(world, "goes"), archived(), stays) });
      await world.succeeds("pulumi up", () => stack.up());
      const ids = Object.fromEntries(
        await Promise.all(["goes", "archived", "stays"].map(async (name) => [name, (await world.flow(name))["id"]])),
      );
      await stack.writeProgram(program(stays));
      await world.succeeds("pulumi up without two flows", () => stack.up());
      const { status } = await world.posthog.ask("GET", `${ids["goes"]}/`);
      world.holds(status === 404, "the flow that left is still there");
      world.holds(
        (await world.posthog.read(ids["archived"]!))["status"] === "archived",
        "the flow with onDelete is not archived",
      );
      world.holds((await world.posthog.read(ids["stays"]!))["status"] === "draft", "the flow that stays did not");
    },
  },
];
