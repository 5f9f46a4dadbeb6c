// The flows that PostHog has, as programs of the project: what `hogflow pull --all` writes, and an index that imports them.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PostHogClient } from "../../api";
import type { Program } from "../project/program";
import { importsAs, NO_IMPORTS, type WriteReport } from "./write";

const FOLDER = "flows";

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
  const { filesToOverwrite, formatPulled, pulledNames, pullFlows, writePulled } = await import("../pull/index.js");
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
  addToIndex(
    path.join(cwd, FOLDER, "index.ts"),
    { program, names: flows.map(({ files }) => path.basename(files[0]!.path, ".ts")) },
    report,
  );
}

/** Adds to the index what it does not import yet. */
function addToIndex(
  file: string,
  { program, names }: { program: Program; names: readonly string[] },
  report: WriteReport,
): void {
  const before = readFileSync(file, "utf8");
  const imports = names
    .filter((name) => !new RegExp(`["']\\./${name}(\\.js)?["']`).test(before))
    .map((name) => importsAs(`import "./${name}";`, program));
  if (imports.length === 0) return;
  const kept = before.endsWith(NO_IMPORTS) ? before.slice(0, -NO_IMPORTS.length) : before;
  writeFileSync(file, `${kept}${kept.endsWith("\n") ? "" : "\n"}${imports.join("\n")}\n`);
  const known = report.files.find(({ path: other, action }) => other === file && action === "created");
  if (known === undefined) report.files.push({ path: file, action: "changed", changes: imports });
}
