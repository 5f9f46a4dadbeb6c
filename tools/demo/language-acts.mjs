// The acts of `--languages`: one flow in a YAML program and one in a Python program, served by the plugin.
import { appendFileSync, cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CHANGES_FOUND, UP } from "./acts.mjs";
import { contentOf, PROJECT } from "./world.mjs";

const SOURCES = fileURLToPath(new URL("languages", import.meta.url));
const PLUGIN = "node_modules/pulumi-hogflow/dist/plugin/pulumi-resource-hogflow";
const TYPE = "hogflow:index:HogFlow";
const IMPORTED = "by_hand";

/** The programs: the folder, the file with the resources, and what of the code that an import writes belongs into it. */
export const PROGRAMS = [
  {
    folder: "yaml",
    main: "Pulumi.yaml",
    project: "welcome-yaml",
    addition: (code) => code.replace(/^resources:\n/, ""),
  },
  {
    folder: "python",
    main: "__main__.py",
    project: "welcome-python",
    addition: (code) => code.slice(code.indexOf(`\n${IMPORTED} = `)),
  },
];

const each = (command) => PROGRAMS.map(({ folder }) => ({ folder, ...command }));
const programFile = (world, { folder, main }) => path.join(world.sandbox.dir, folder, main);
/** The flow that the program in this folder manages: its marker names the project. */
const ofProgram = (world, { project }) =>
  world.emulator.flows(PROJECT).find(({ description }) => description.includes(project));
const waitOf = (flow) => flow.actions.find(({ type }) => type === "delay");
const durations = (world) => PROGRAMS.map((program) => waitOf(ofProgram(world, program)).config.delay_duration);
const untouched = (world) =>
  PROGRAMS.map(
    (program) =>
      contentOf(ofProgram(world, program)) !== world.first[program.folder] &&
      `the flow of ${program.folder} is not what it was at first`,
  );

/** @type {import("./perform.mjs").Act[]} */
export const LANGUAGE_ACTS = [
  {
    title: "From an empty folder",
    why:
      "Each program is one file beside Pulumi.yaml, which names the plugin of the package. YAML needs nothing more. For Python, Pulumi makes an SDK of the plugin's schema, and installs it into the program's " +
      "virtual environment.",
    expected: "2 programs, 1 SDK",
    prepare(world, narrator) {
      for (const program of PROGRAMS) {
        cpSync(path.join(SOURCES, program.folder), path.join(world.sandbox.dir, program.folder), { recursive: true });
        narrator.codeChange(
          programFile(world, program),
          readFileSync(programFile(world, program), "utf8").trimEnd().split("\n"),
        );
      }
    },
    commands: [
      { folder: "python", args: ["package", "add", PLUGIN], requests: {}, says: ["import pulumi_hogflow as hogflow"] },
    ],
    check: (world) => [
      !readdirSync(path.join(world.sandbox.dir, "python")).includes("sdks") && "there is no SDK for Python",
    ],
  },
  {
    title: "Both flows go live",
    why: "Each flow is created as a draft and then activated, after a search that makes sure that an interrupted run has not made it already.",
    expected: "2 active flows",
    commands: each({ args: UP, requests: { POST: 1, PATCH: 1, reads: 2 }, says: ["2 created"] }),
    check(world) {
      const flows = PROGRAMS.map((program) => ofProgram(world, program));
      world.first = Object.fromEntries(PROGRAMS.map(({ folder }, index) => [folder, contentOf(flows[index])]));
      return flows.map((flow) => flow.status !== "active" && `"${flow.name}" is ${flow.status}, and not active`);
    },
  },
  {
    title: "A second run changes nothing, and asks nothing",
    why: "As in TypeScript: the comparison is with the stack's state, costs no request and needs no key.",
    expected: "no change, no request",
    commands: each({ args: [...UP, "--expect-no-changes"], requests: {}, says: ["2 unchanged"] }),
    check: untouched,
  },
  {
    title: "Somebody edits both flows in PostHog's editor",
    why: "A colleague makes both waits longer, in the browser. (The emulator plays the editor.)",
    expected: "the flows differ from the code",
    commands: [],
    prepare(world, narrator) {
      for (const program of PROGRAMS)
        world.emulator.ui.edit(ofProgram(world, program).id, (flow) => {
          waitOf(flow).config.delay_duration = "5d";
        });
      narrator.edits(PROGRAMS.map(({ folder }) => ({ where: `${folder}: Let them try`, from: "3d", to: "5d" })));
    },
    check: (world) => [durations(world).join() !== "5d,5d" && `the waits are ${durations(world).join(" and ")}`],
  },
  {
    title: "The edits are found",
    why: "A refresh shows each edit at its path, and changes neither PostHog nor the state.",
    expected: "both edits shown, exit code not 0",
    commands: each({
      args: ["refresh", "--preview-only", "--diff", "--expect-no-changes"],
      exitCodes: CHANGES_FOUND,
      requests: { reads: 2 },
      says: ["delayDuration", '"3d" => "5d"'],
    }),
    check: (world) => [durations(world).join() !== "5d,5d" && `the waits are ${durations(world).join(" and ")}`],
  },
  {
    title: "The code is put back in force",
    why: "The refresh takes the edit into the state, and one request puts the flow back.",
    expected: "the flows are as in act 2",
    commands: each({ args: [...UP, "--refresh"], requests: { PUT: 1, reads: 3 }, says: ["1 updated"] }),
    check: untouched,
  },
  {
    title: "Flows that were made by hand are imported",
    why: "Two flows are in PostHog that no program knows. An import reads each into the state, writes nothing to PostHog, and writes its code.",
    expected: "2 imported, nothing written",
    prepare(world, narrator) {
      const { actions, edges } = ofProgram(world, PROGRAMS[0]);
      world.byHand = PROGRAMS.map(
        ({ folder }) =>
          world.emulator.ui.create(PROJECT, { name: `By hand, for ${folder}`, status: "draft", actions, edges }).id,
      );
      narrator.edits(PROGRAMS.map(({ folder }) => ({ where: "A new flow", from: "", to: `By hand, for ${folder}` })));
    },
    commands: (world) =>
      PROGRAMS.map(({ folder }, index) => ({
        folder,
        args: [
          "import",
          TYPE,
          IMPORTED,
          world.byHand[index],
          "--out",
          "imported.txt",
          "--protect=false",
          "--yes",
          "--skip-preview",
        ],
        requests: { reads: 2 },
        says: ["1 imported"],
      })),
    check: (world) => [world.emulator.flows(PROJECT).length !== 4 && "there are not 4 flows"],
  },
  {
    title: "With its code in the program, an import changes nothing",
    why: "What Pulumi wrote is put into each program as it is.",
    expected: "no change, no request",
    prepare(world, narrator) {
      for (const program of PROGRAMS) {
        const file = programFile(world, program);
        const code = readFileSync(path.join(path.dirname(file), "imported.txt"), "utf8");
        const addition = program.addition(code);
        appendFileSync(file, addition);
        narrator.codeChange(
          file,
          addition
            .trim()
            .split("\n")
            .map((line) => `+ ${line}`),
        );
      }
    },
    commands: each({ args: [...UP, "--expect-no-changes"], requests: {}, says: ["3 unchanged"] }),
    check: untouched,
  },
  {
    title: "Everything is destroyed",
    why: "The flows that the programs made are deleted. Those that somebody made in PostHog are archived, because they were there before.",
    expected: "2 flows archived, the others gone",
    commands: each({
      args: ["destroy", "--yes", "--skip-preview"],
      requests: { DELETE: 1, PATCH: 1, reads: 4 },
      says: ["3 deleted"],
    }),
    check: (world) => {
      const left = world.emulator.flows(PROJECT).map(({ name, status }) => `${name}: ${status}`);
      return [
        left.length !== 2 && `${left.length} flows are left`,
        ...left.map((text) => !text.endsWith(": archived") && text),
      ];
    },
  },
];
