// `hogflow bulk-delete`: permanently deletes archived flows.
import { archivedFlows, deleteArchived } from "../../operate/bulk-delete";
import { defineCommand, flag, flowList } from "../define";
import { DONE, FOUND } from "../exit-codes";
import { Misuse } from "../failure";
import { counted } from "../texts";
import { oneLine } from "../../definition/plain-text";

export const bulkDelete = defineCommand({
  name: "bulk-delete",
  summary: "permanently delete archived flows",
  description:
    "Deletes archived flows permanently, with their schedules, versions and metrics. Lists their names and asks first. Flows that are not archived are refused.",
  arguments: { flows: flowList() },
  options: { all: flag("all archived flows of the project") },
  needs: ["posthog", "consent"],
  json: "{deleted, left, flows}; left: the ids that still exist",
  exitCodes: { 2: "some still exist" },
  examples: [
    { command: "hogflow bulk-delete --all", does: "lists all archived flows, asks, and deletes them" },
    { command: 'hogflow bulk-delete "Spring newsletter" --yes', does: "deletes one without asking" },
  ],
  async run({ io, confirm, print, ...context }, { flows, all }) {
    if (all === flows.length > 0)
      throw new Misuse({
        what: all ? "Flows and --all were given" : "No flow was named",
        fix: "Name flows, or give --all",
      });
    io.progress("Reading flows …");
    const { client, ids } = await context.flows(flows);
    const doomed = await archivedFlows(client, all ? "all" : ids);
    if (doomed.length === 0) {
      print({ deleted: 0, left: [], flows: [] }, () => "There are no archived flows.");
      return DONE;
    }
    await confirm(
      `These archived flows will be permanently deleted from project ${client.projectId} at ${client.host}, with their schedules, versions and metrics:`,
      ...doomed.map(
        ({ id, name, managedBy }) =>
          `  ${id}  ${name}${managedBy ? `  (${managedBy}: also remove it from the program)` : ""}`,
      ),
    );
    io.progress("Deleting …");
    const { deleted, left } = await deleteArchived(
      client,
      doomed.map(({ id }) => id),
    );
    print({ deleted, left, flows: doomed }, () => `${counted(deleted, "flow")} deleted.`);
    if (left.length === 0) return DONE;
    io.note(
      `${counted(left.length, "flow")} still there: somebody unarchived them, or the key's user may not delete them:\n${left.map((id) => `  ${oneLine(id)}`).join("\n")}`,
    );
    return FOUND;
  },
});
