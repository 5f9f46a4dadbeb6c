// Everything that the demo prints.
import { stripVTControlCharacters, styleText } from "node:util";
import path from "node:path";
import { PROJECT } from "./world.mjs";

const WIDTH = 100;
const UUID = /([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const API_ROOT = `/api/projects/${PROJECT}`;
/** The dots by which the engine shows that it lives. */
const PROGRESS = /^@ \w+\.*$/;

/** @param {{ write?: (text: string) => unknown, colour?: boolean }} [options] */
export function createNarrator({ write = (text) => process.stdout.write(text), colour = false } = {}) {
  const paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const print = (text = "") => write(`${text}\n`);
  const say = (text, indent = "") => wrap(text, WIDTH - indent.length).forEach((line) => print(indent + line));

  return {
    print,

    introduction({ engine, emulator, sandbox }) {
      print();
      print(paint("bold", "pulumi-hogflow: PostHog Workflows as code"));
      print();
      say(
        `Everything below is real: the Pulumi engine ${engine.version}, the provider as it would be installed, and requests over HTTP. Only PostHog is played, by the emulator at ${emulator.url}.`,
      );
      say(
        `Your repository is not touched. The root stack (Pulumi.yaml and the program that it names) is copied to ${sandbox.dir}, with links to the repository's packages, and removed at the end.`,
      );
      say("A Pulumi preview before each `up` is skipped to save time, except where it is what you are to see.");
    },

    languagesIntroduction({ engine, emulator, sandbox }) {
      print();
      print(paint("bold", "pulumi-hogflow: PostHog Workflows in YAML and Python"));
      print();
      say(
        `Everything below is real: the Pulumi engine ${engine.version}, the plugin as it would be installed, and requests over HTTP. Only PostHog is played, by the emulator at ${emulator.url}.`,
      );
      say(`Your repository is not touched. The programs are in ${sandbox.dir}, which is removed at the end.`);
    },

    act(number, total, { title, why }) {
      print();
      print(paint("bold", `Act ${number} of ${total}: ${title}`));
      say(why);
    },

    command({ tool = "pulumi", args, folder, why, into }) {
      print();
      if (why) say(why, "  ");
      print(
        `  ${paint("cyan", `${folder ? `${folder} ` : ""}$ ${tool} ${args.join(" ")}${into ? ` > ${into}` : ""}`)}`,
      );
    },

    /** Leaves out progress dots, and empty lines that are repeated or last. */
    engineOutput() {
      let gap = false;
      let begun = false;
      return (line) => {
        const text = stripVTControlCharacters(line).trim();
        if (PROGRESS.test(text)) return;
        if (text === "") {
          gap = begun;
          return;
        }
        if (gap) print("  │");
        gap = false;
        begun = true;
        print(`  │ ${line.trimEnd()}`);
      };
    },

    /** The part of a long output that matters, said to be a part. */
    digest(outcome, pick) {
      const lines = outcome.code === 0 ? pick(outcome) : outcome.output.trim().split("\n");
      if (outcome.code === 0) print(`  │ (${outcome.stdout.split("\n").length} lines; of them, every change:)`);
      for (const line of lines) print(`  │ ${line}`);
    },

    exitCode(code) {
      if (code !== 0) print(`  Exit code ${code}.`);
    },

    requests(requests) {
      print(
        `  ${paint("dim", requests.length === 0 ? "PostHog's API got no request." : `PostHog's API got ${count(requests.length, "request")}:`)}`,
      );
      for (const { method, path, query, status } of requests)
        print(`    ${paint("dim", `${method.padEnd(6)} ${status}  ${shortPath(path, query)}`)}`);
    },

    edits(edits) {
      print();
      for (const { where, from, to } of edits) print(`  ${where}: "${from}" → "${to}"`);
    },

    codeChange(file, lines) {
      print();
      print(`  ${path.basename(file)}`);
      for (const line of lines)
        print(`  ${paint(line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim", line.trimEnd())}`);
    },

    verdict(number, { expected }, { problems }) {
      print();
      if (problems.length === 0) return print(`  ${paint("green", "As it said:")} ${expected}.`);
      print(`  ${paint("red", `Act ${number} did not go as it said:`)}`);
      for (const problem of problems) print(`    - ${problem}`);
    },

    summary(acts, results, seconds) {
      const rows = acts.map(({ title, expected }, index) => {
        const result = results[index];
        const outcome = !result ? "not played" : result.problems.length > 0 ? "FAILED" : "as it said";
        return [
          `${index + 1}  ${title}`,
          expected,
          result ? String(result.requests) : "",
          result ? result.seconds.toFixed(1) : "",
          outcome,
        ];
      });
      print();
      for (const [index, line] of table([["   Act", "Expected", "Requests", "Seconds", "Outcome"], ...rows]).entries())
        print(index === 0 ? paint("bold", line) : line);
      print();
      const failed = results.findIndex(({ problems }) => problems.length > 0);
      if (failed >= 0) print(paint("red", `Act ${failed + 1} ("${acts[failed].title}") did not go as it said.`));
      else print(`${count(acts.length, "act")}, all as they said, in ${seconds.toFixed(0)} s with the set-up.`);
    },

    page(file) {
      print();
      print(`The page: ${file}`);
      print("Open it in a browser. It stays when the demo is gone.");
    },

    languagesNext() {
      print();
      print("Next:");
      print("  docs/plugin.md                    how to use the plugin in your language, and what is different");
      print("  npm run demo                      the same in TypeScript, with more to see");
    },

    next() {
      print();
      print("Next:");
      print("  npm run demo -- --keep            the same, and the stack stays for you to play with");
      print("  npm run demo -- --languages       a program in YAML and one in Python");
      print("  examples/first-flow/index.ts      the program that you saw; examples/ has more");
      print("  README.md                         how to use it with your own PostHog project");
    },
  };
}

/** The path without what is the same for all requests; ids by their first eight digits, long values cut. */
export function shortPath(fullPath, query) {
  const bare = fullPath.startsWith(API_ROOT) ? fullPath.slice(API_ROOT.length) : fullPath;
  return (bare + (query ? `?${query}` : "")).replace(UUID, "$1…");
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Columns as wide as they need to be; numbers to the right. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const number = (text, column) => column === 2 || column === 3;
  return rows.map((row) =>
    row
      .map((cell, column) => (number(cell, column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
