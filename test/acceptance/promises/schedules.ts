// Schedules: one for each resource, never a second one, repaired when somebody changes them.
import type { Promised } from "../promise";
import type { World } from "../world";
import { digestFlow, program } from "./programs";

const schedule = (name: string, hour: number, code = ""): string =>
  `new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2099-01-05T0${hour}:00:00"${code} });`;

/** When each schedule of the flow starts. */
async function starts(world: World): Promise<string[]> {
  const { id } = await world.flow("digest");
  return (await world.posthog.schedules(id)).map((one) => String(one["starts_at"]).slice(11, 13)).sort();
}

export const SCHEDULE_PROMISES: readonly Promised[] = [
  {
    id: "schedules",
    says: "Schedules are created, changed, repaired and removed one by one, and one made by hand stops the next change",
    page: "docs/guide.md",
    async keeps(world) {
      const digest = digestFlow(world, "digest");
      const stack = await world.stack({ program: program(digest, schedule("early", 8), schedule("late", 9)) });
      const expectStarts = async (after: string, ...hours: string[]): Promise<void> => {
        const found = await starts(world);
        world.holds(
          found.join() === hours.join(),
          `after ${after} there are schedules at ${found.join(", ") || "no time"}, and not at ${hours.join(", ")}`,
        );
      };
      await world.succeeds("pulumi up", () => stack.up());
      await expectStarts("creation", "08", "09");
      await world.isSilent(stack);

      const { id } = await world.flow("digest");
      const late = (await world.posthog.schedules(id)).find((one) => String(one["starts_at"]).includes("T09"));
      await world.posthog.ask("PATCH", `${id}/schedules/${late?.["id"]}/`, { rrule: "FREQ=MONTHLY;BYMONTHDAY=1" });
      const refresh = await stack.refresh(["--preview-only", "--expect-no-changes"]);
      world.holds(refresh.code !== 0, "a refresh does not see that a schedule was changed");
      await world.succeeds("pulumi up --refresh", () => stack.up(["--refresh"]));
      const rules = (await world.posthog.schedules(id)).map(({ rrule }) => rrule);
      world.holds(
        rules.every((rule) => /WEEKLY/.test(rule)),
        `the rule was not repaired: ${rules.join(", ")}`,
      );
      await expectStarts("the repair", "08", "09");

      await stack.writeProgram(program(digest, schedule("early", 7)));
      await world.succeeds("pulumi up with one schedule moved and one removed", () => stack.up());
      await expectStarts("the removal", "07");

      const byHand = { rrule: "FREQ=DAILY", starts_at: "2099-01-05T05:00:00Z", timezone: "UTC" };
      await world.posthog.create(`${id}/schedules/`, byHand, async () =>
        (await world.posthog.schedules(id)).find((one) => String(one["starts_at"]).includes("T05")),
      );
      await stack.writeProgram(program(digest, schedule("early", 6)));
      const refused = await world.fails("pulumi up beside a schedule that was made by hand", () => stack.up());
      world.holds(
        /unmanaged-schedule|would be sent once|once for each/.test(refused.output),
        "the refusal does not speak of the other schedule",
      );
      await expectStarts("the refusal", "05", "07");
    },
  },
];
