// `hogflow emulator`: a local PostHog Workflows API, for CI and for trying things out.
import { writeFile } from "node:fs/promises";
import { DEFAULTS, UsageError } from "../../emulator/cli-options";
import { serve } from "../../emulator/command";
import type { Emulator } from "../../emulator/index";
import { OperateError } from "../../operate/errors";
import { maskData } from "../../operate/mask";
import { readAllFlows } from "../../operate/read-flows";
import { defineCommand, flag, option, parsed, repeated } from "../define";
import { DONE } from "../exit-codes";
import { Misuse } from "../failure";
import { counted } from "../texts";
import { wholeNumber } from "../values";

export const emulator = defineCommand({
  name: "emulator",
  summary: "a local PostHog Workflows API, kept in memory",
  description:
    "Serves PostHog's Workflows API from memory, with its validation, until Ctrl-C: for your own CI, and to try things out without an account. No messages are sent. " +
    "It can start with flows from JSON files, or with copies of your project's flows, ids included, so that programs that adopt them work.",
  options: {
    port: parsed("<n>", "port to listen on; 0 takes any free one", wholeNumber(0, 65_535), DEFAULTS.port),
    listen: option("<address>", "address to listen on", { default: DEFAULTS.host }),
    allowHost: repeated(
      "<name>",
      "host name to accept, in addition to loopback names and the address that it listens on; may be repeated. Any other Host header gets a 403",
    ),
    accept: repeated(
      "<key>",
      `API key that is accepted; may be repeated (default: ${DEFAULTS.key}). One that begins with phs_ is a project secret API key of the first project`,
    ),
    serve: repeated("<id>", `project that exists; may be repeated (default: ${DEFAULTS.project})`),
    seed: repeated("<file>", "JSON file with flows to start with, as PostHog returns them; may be repeated"),
    templates: repeated(
      "<file>",
      "JSON file with templates that the emulator does not know, as `hogflow templates pull --out templates.json` writes it; may be repeated",
    ),
    copy: flag(
      "start with copies of the flows of the configured project; their secrets, which PostHog never shows, are missing",
    ),
    save: option(
      "<file>",
      "with --copy, also write the copies to this file, with [secret] for each credential in clear, so that CI can start with them by --seed, without a key",
    ),
    quiet: flag("do not log requests"),
  },
  needs: ["posthog"],
  json: "{url, keys, projects, flows} once it serves; requests are not logged",
  examples: [
    {
      command: "hogflow emulator",
      does: `serves at http://${DEFAULTS.host}:${DEFAULTS.port} and says how to point a program at it`,
    },
    {
      command: "hogflow emulator --port 0 --seed flows/onboarding.json --json",
      does: "serves a flow at any free port, and says where",
    },
    {
      command: "hogflow emulator --templates templates.json",
      does: "takes steps of templates that only your project has",
    },
    {
      command: "hogflow emulator --copy --save flows.json",
      does: "serves copies of your project's flows, and keeps them for a later --seed flows.json",
    },
  ],
  async run(
    { io, connect, signal },
    { port, listen, allowHost: allowHosts, accept, serve: projects, seed, templates, copy, save, quiet },
  ) {
    if (save !== undefined && !copy)
      throw new Misuse({
        what: "--save was given without --copy",
        why: "--save writes the copies of the project's flows",
        fix: "Add --copy",
      });
    const flows = copy ? await readAllFlows(await connect(), { progress: (text) => io.progress(text) }) : [];
    if (save !== undefined) {
      // The copies that are served hold what PostHog has; a file is kept, and read by others.
      const shown = maskData(flows);
      await writeFile(save, `${JSON.stringify(shown, null, 2)}\n`);
      if (JSON.stringify(shown) !== JSON.stringify(flows))
        io.note(`In ${save}, [secret] is written for each credential that the flows have in clear.`);
    }
    const keys = accept.length > 0 ? accept : [DEFAULTS.key];
    const options = {
      help: false,
      port,
      host: listen,
      allowHosts,
      keys,
      projects: projects.length > 0 ? projects : [DEFAULTS.project],
      seed,
      templates,
      quiet: quiet || io.json,
    };
    const interrupted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    const out = (text: string) => io.out(text.trimEnd());
    const started = ({ url, flows: all }: Emulator) =>
      io.outJson({ url, keys, projects: options.projects, flows: all().length });
    try {
      await serve(options, { out, error: out, interrupted }, { flows, ...(io.json && { started }) });
    } catch (error) {
      throw error instanceof UsageError ? new OperateError({ what: error.message }) : error;
    }
    if (flows.length > 0) io.note(`${counted(flows.length, "copied flow")} forgotten.`);
    return DONE;
  },
});
