// The flows that PostHog has, as programs of the project: what `hogflow pull --all` writes, and an index that imports them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PostHogClient } from "../../api";
import type { Program } from "../project/program";
import { FIRST, importOf } from "../pull/index-file";
import type { WriteReport } from "./write";

const FOLDER = "flows";
/** An index that the next pull adds to. Without an import or export it would be no module. */
const NO_FLOWS = `${FIRST}\nexport {};\n`;

/**
 * Pulls every flow that is not archived into the program's `flows` folder. Files that are there with other content stay.
 *
 * @param stack The Pulumi project and stack that the programs are for.
 */
export async function pullExisting(
  client: PostHogClient,
  program: Program,
  { stack, report }: { stack: { project: string; stack: string }; report: WriteReport },
): Promise<void> {
  // Not before it is needed: it brings Pulumi's SDK along.
  const { filesToOverwrite, formatPulled, pulledNames, pullFlows, writeIndex, writePulled } =
    await import("../pull/index.js");
  const cwd = program.entry === undefined ? program.programDir : path.dirname(program.entry);
  const folder = path.relative(program.programDir, path.join(cwd, FOLDER)).split(path.sep).join("/");
  const { flows } = await formatPulled(
    await pullFlows(client, {
      out: folder,
      names: pulledNames(path.join(cwd, FOLDER)),
      stack,
      isModule: program.isModule,
      onFailure: ({ id, title, error }) =>
        report.toDo.push({
          until: "preview",
          what: `${title} (${id}) could not be written as a program`,
          why: error,
          fix: "Write it by hand, or leave it in PostHog",
        }),
    }),
    { cwd: program.programDir },
  );
  const other = new Set(await filesToOverwrite(flows, { cwd: program.programDir }));
  const free = flows.filter(({ files }) => !files.some((file) => other.has(file.path)));
  const { written, unchanged } = await writePulled(free, { cwd: program.programDir });
  const at = (file: string): string => path.resolve(program.programDir, file);
  report.files.push(
    ...written.map((file) => ({ path: at(file), action: "created" as const, changes: [] })),
    ...[...unchanged, ...other].map((file) => ({ path: at(file), action: "kept" as const, changes: [] })),
  );
  for (const { title, managedBy, remarks, credentials, files } of flows) {
    if (managedBy !== undefined)
      report.toDo.push({
        until: "preview",
        what: `${title} is managed by ${managedBy.owner} already`,
        fix: managedBy.fix,
      });
    if (remarks.length > 0)
      report.toDo.push({
        until: "preview",
        what: `${title} cannot work as PostHog has it`,
        fix: `See the comment above the flow in ${files[0]!.path}`,
      });
    for (const { key, path: where } of credentials)
      report.toDo.push({
        until: "preview",
        what: `${title} holds a credential in clear, at ${where}`,
        why: "It is in no file",
        fix: `Set it before the next preview, with the value that PostHog's editor shows there: pulumi config set --secret ${key}`,
      });
  }
  const { state, missing } = writeIndex(path.join(cwd, FOLDER), {
    names: flows.map(({ files }) => path.basename(files[0]!.path, ".ts")),
    isModule: program.isModule,
  });
  const index = path.join(cwd, FOLDER, "index.ts");
  if (state === "created" || state === "changed") report.files.push({ path: index, action: state, changes: [] });
  else if (missing.length > 0)
    report.toDo.push({
      what: `${path.join(FOLDER, "index.ts")} does not import ${missing.join(", ")}`,
      why: "hogflow did not write that file",
      until: "preview",
      fix: `Add to it: ${missing.map((name) => importOf(`./${name}`, program.isModule)).join(" ")}`,
    });
}

/** The program imports the folder of flows: where nothing could be pulled, there is nothing in it yet. */
export function ensureIndex({ entry, programDir }: Program, report: WriteReport): void {
  const folder = path.join(entry === undefined ? programDir : path.dirname(entry), FOLDER);
  const file = path.join(folder, "index.ts");
  if (existsSync(file) || entry === undefined || !readFileSync(entry, "utf8").includes(`"./${FOLDER}`)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, NO_FLOWS);
  report.files.push({ path: file, action: "created", changes: [] });
}
