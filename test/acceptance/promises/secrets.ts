// Secrets are clear in the program and in PostHog, and nowhere else.
import type { Promised } from "../promise";
import { isWrite } from "../world";
import { flow, program } from "./programs";

const SECRETS = { token: "Bearer acceptance-t0ken-4711", changed: "Bearer acceptance-t0ken-4712" };

export const SECRET_PROMISES: readonly Promised[] = [
  {
    id: "secrets",
    says: "A secret shows in no state, output, log or pulled file, PostHog's API does not show it either, and a changed one is written",
    page: "docs/guide.md",
    async keeps(world) {
      const hook = `actions: {
        trigger_node: { type: "trigger", name: "Trigger", config: { type: "event", filters: { events: [{ id: "hogflow acceptance" }] } }, next: "call" },
        call: { type: "function", name: "Call", next: "exit_node", config: { templateId: "template-webhook", inputs: {
          url: { value: "https://hooks.example.com/a" }, signing_secret: { value: config.requireSecret("token") } } } },
        exit_node: { type: "exit", name: "Exit" } }`;
      const stack = await world.stack({
        program: program(flow("hooked", { name: world.title("hooked") }, hook)),
        config: { [`${world.mark}:token`]: { secret: SECRETS.token } },
      });
      await world.succeeds("pulumi up", () => stack.up());
      const { id } = await world.flow("hooked");
      await world.isSilent(stack);
      await world.succeeds("a refresh", () => stack.refresh(["--preview-only", "--expect-no-changes", "--diff"]));

      await stack.setConfig(`${world.mark}:token`, SECRETS.changed, { secret: true });
      const { passed } = await world.during(() =>
        world.succeeds("pulumi up with another secret", () => stack.up(["--diff"])),
      );
      world.holds(
        passed.some((one) => isWrite(one) && one.status === 200),
        "the changed secret was not written",
      );
      const live = await world.posthog.read(id);
      const pulled = await world.hogflow(stack, "pull", id, "--dry-run");

      const places = {
        "the state": await stack.stateText(),
        "the output": stack.log,
        "what PostHog returns": JSON.stringify(live),
        "what pull writes": pulled.stdout + pulled.stderr,
      };
      for (const [place, text] of Object.entries(places))
        for (const secret of [...Object.values(SECRETS), world.target.key])
          world.holds(!text.includes(secret), `a secret shows in ${place}`);
    },
  },
  {
    id: "no-key",
    says: "A preview needs no key and asks nothing",
    page: "README.md",
    async keeps(world) {
      const stack = await world.stack({
        key: null,
        program: program(
          flow("previewed", {
            name: world.title("previewed"),
            actions: {
              trigger_node: {
                type: "trigger",
                name: "Trigger",
                config: { type: "event", filters: { events: [{ id: "hogflow acceptance" }] } },
                next: "exit_node",
              },
              exit_node: { type: "exit", name: "Exit" },
            },
          }),
        ),
      });
      const { result, passed } = await world.during(() => stack.preview());
      world.holds(result.code === 0, `the preview failed:\n${result.output}`);
      world.holds(passed.length === 0, `it made ${passed.length} requests`);
    },
  },
];
