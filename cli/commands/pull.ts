// `hogflow pull`: writes the programs of flows that exist already.
import path from "node:path";
import { OperateError } from "../../operate/errors";
import { isFlowId } from "../../operate/flow-source";
import type { PulledFlow } from "../../operate/pull/program";
import { defineCommand, flag, option, optionalList } from "../define";

export const pull = defineCommand({
  name: "pull",
  summary: "write the programs of existing flows",
  description:
    "Writes the TypeScript of existing flows and their schedules, as composition where the flow can be said so and in the keyed form where it cannot, with the bodies of e-mails in files beside " +
    "it. Secrets become named configuration. Each program takes its flow over (`adopt`) and makes it as it is, so that the next `pulumi up` writes nothing. Paused and completed schedules " +
    "stay out, because a program would wake them. Pulling twice gives the same files.",
  arguments: { ids: optionalList("ids of flows") },
  options: {
    all: flag("all flows of the project that are not archived"),
    archived: flag("with --all, the archived ones, too"),
    out: option("<dir>", "folder of the programs, in the Pulumi project", { default: "flows" }),
    overwrite: flag("write over files that have other content"),
    dryRun: flag("say what would be written, and write nothing"),
  },
  needs: ["posthog"],
  json: "a list of {id, title, name, form, why, files: [path], leftOut, secrets}",
  examples: [
    { command: "hogflow pull 0198c0de-0000-7000-8000-000000000001", does: "writes flows/<name>.ts" },
    { command: "hogflow pull --all --out flows", does: "takes a whole project into code" },
    { command: "hogflow pull --all --dry-run --json", does: "says which flows can be written as composition" },
  ],
  async run(context, { ids, all, archived, out, overwrite, dryRun }) {
    if (all === ids.length > 0) throw new OperateError({ what: all ? "--all stands beside ids" : "No flow is named", fix: "Give ids of flows, or --all" });
    const odd = ids.filter((id) => !isFlowId(id));
    if (odd.length > 0) throw new OperateError({ what: `${odd.join(", ")} is no id of a flow`, fix: "Copy the id from the address of the flow in PostHog" });
    const folder = path.normalize(out).split(path.sep).join("/").replace(/\/+$/, "");
    if (path.isAbsolute(folder) || folder.startsWith("..")) throw new OperateError({ what: `--out ${out} lies outside of the Pulumi project`, fix: "Give a folder in it: bodies of e-mails are read from there" });
    const client = await context.connect();
    // Not before it is needed: it brings Pulumi's SDK along, which every command would wait for.
    const { pullFlows, writePulled } = await import("../../operate/pull/pull.js");
    const pulled = await pullFlows(client, { ...(all ? { archived } : { ids }), out: folder, onFlow: (done, of) => context.io.progress(`${done} of ${of} flows read`) });
    const written = dryRun ? undefined : await writePulled(pulled, { cwd: context.cwd, overwrite });
    context.print(
      pulled.map(({ files, ...flow }) => ({ ...flow, files: files.map((file) => file.path) })),
      () => [...pulled.map(line), "", ...next(pulled, written?.written.length)].join("\n"),
    );
  },
});

function line({ title, form, why, files, leftOut }: PulledFlow): string {
  const notes = [form === "keyed" ? `keyed form: ${why}` : "", ...leftOut.map(({ id, why: reason }) => `schedule ${id} left out: ${reason}`)].filter(Boolean);
  return [`${title}: ${files.map((file) => file.path).join(", ")}`, ...notes.map((note) => `  ${note}`)].join("\n");
}

function next(pulled: readonly PulledFlow[], written: number | undefined): string[] {
  if (pulled.length === 0) return ["There is no flow to write."];
  const secrets = [...new Set(pulled.flatMap((flow) => flow.secrets))];
  return [
    written === undefined ? "Nothing was written." : written === 0 ? "All files are up to date." : `${written} files written.`,
    ...(secrets.length > 0 ? [`PostHog does not return secrets. Set them: ${secrets.map((key) => `pulumi config set --secret ${key}`).join("; ")}`] : []),
    `Next: import them in your program, such as import "./${pulled[0]!.files[0]!.path.replace(/\.ts$/, "")}"; and run pulumi up, which writes nothing.`,
  ];
}
