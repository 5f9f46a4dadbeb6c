// What preview would say about flows in JSON files.
import type { Finding } from "../rules/finding";
import type { PastedDefinition } from "../sdk/index";
import { readFlowFile, type FlowFile } from "./flow-file";

/** A finding, and the flow and file that it is about. */
export interface FileFinding extends Finding {
  file: string;
  /** Title of the flow. */
  flow: string;
}

/**
 * The findings of every flow in the files, in the order of the files, each with `locations` in its file. Needs no key and no network.
 *
 * @throws OperateError for a file that cannot be read or holds no flow.
 *
 * @example
 * const findings = await validateFiles(["flow.json"]);
 * findings.filter(({ severity }) => severity === "error").forEach(({ locations, what }) => console.error(locations?.[0], what));
 */
export async function validateFiles(files: readonly string[]): Promise<FileFinding[]> {
  return validateRead(files.map(readFlowFile));
}

/** The same for files that were read already. */
export async function validateRead(read: readonly FlowFile[]): Promise<FileFinding[]> {
  // Checked as the arguments of a program are, so that no rule differs. Imported here, because it loads Pulumi's SDK.
  const { validate } = await import("../sdk/index.js");
  return read.flatMap(({ file, flows }) =>
    flows.flatMap(({ name, definition, locationOf }) =>
      validate({ definition: definition as PastedDefinition }, name).map((finding) => ({
        ...finding,
        locations: [locationOf(finding.path), ...(finding.locations ?? [])],
        file,
        flow: name,
      })),
    ),
  );
}
