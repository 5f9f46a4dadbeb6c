// What `npm run demo --` takes.
import os from "node:os";
import path from "node:path";

export const HELP = `Usage: npm run demo [-- --keep --show | -- --languages]

Shows the provider's main job on the real Pulumi engine, against a local emulator of PostHog's API: two workflows and a
schedule go live, a second run changes nothing, somebody edits in PostHog's editor, the edit is found and repaired, one
step is inserted in code, everything is destroyed. Needs Node 20.19 or later and npm; no PostHog or Pulumi account.

  --keep   Leaves stack and emulator running after the code change, and says how to play with them. Ctrl-C ends it.
  --show   Ends with the page of \`hogflow show\`: the stack with a change and an edit in it. It says where the file is;
           --show=FILE writes it there, for example for CI to keep.
  --languages
           Shows the plugin instead: a program in YAML and one in Python, each from an empty folder. Needs Python 3.10 or
           later, too.
  --help   This text.

The exit code is 0 when every act went as it said, 1 when one did not, and 130 after Ctrl-C. Nothing is left behind, but
what later runs need: node_modules, dist, and the engine in the user's cache folder.`;

/** Where the page goes unless a file is named. */
export const PAGE_FILE = "hogflow-demo.html";

const FLAGS = { "--keep": "keep", "--languages": "languages", "--help": "help", "-h": "help" };

/** @returns {{ keep: boolean, languages: boolean, help: boolean, show?: string }} `show`: the file of the page. */
export function parseArguments(args) {
  /** @type {{ keep: boolean, languages: boolean, help: boolean, show?: string }} */
  const options = { keep: false, languages: false, help: false };
  for (const arg of args) {
    const [, file] = /^--show(?:=(.+))?$/.exec(arg) ?? [];
    if (file !== undefined || arg === "--show") {
      options.show = path.resolve(file ?? path.join(os.tmpdir(), PAGE_FILE));
      continue;
    }
    const name = FLAGS[arg];
    if (!name) throw new Error(`The demo does not know ${arg}.\n\n${HELP}`);
    options[name] = true;
  }
  if (options.languages && (options.keep || options.show))
    throw new Error(`--languages is a demo of its own, without --keep and --show.\n\n${HELP}`);
  return options;
}
