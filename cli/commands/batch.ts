// `hogflow batch start`, `list` and `watch`: runs of a flow for its whole audience.
import type { PostHogClient, WireBatchJob } from "../../api";
import { listBatches, planBatch, startBatch, watchBatch } from "../../operate/batch";
import { defineCommand, flag, flowArgument, optionalArgument, parsed, type Context } from "../define";
import { DONE, FOUND, type ExitCode } from "../exit-codes";
import { table } from "../table";
import { counted, moment, person } from "../texts";
import { jsonObject } from "../values";
import { oneLine, shellWord } from "../../definition/plain-text";

const flow = flowArgument();

export const batchStart = defineCommand({
  name: "batch start",
  summary: "run a flow for its whole audience, now",
  description:
    "Starts a batch: a run of the flow for each person in its audience. It really sends messages, so it first says how many people it reaches and asks. " +
    "The flow must be active and have a batch trigger. The key needs the scopes hog_flow:write and person:read.",
  arguments: { flow },
  options: {
    variables: parsed("<json>", "values of the flow's variables for this batch", jsonObject),
    watch: flag("wait until it has ended"),
  },
  needs: ["posthog", "consent"],
  json: "the batch job",
  exitCodes: { 2: "with --watch: the batch failed or was cancelled" },
  examples: [
    {
      command: 'hogflow batch start "Spring newsletter"',
      does: "says how many people it reaches, asks, and starts it",
    },
    {
      command: 'hogflow batch start "Spring newsletter" --yes --watch --json',
      does: "starts it from a script, and waits",
    },
  ],
  async run(context, { flow, variables, watch }) {
    const { io, confirm, print } = context;
    io.progress("Counting the audience …");
    const { client, id: flowId } = await context.flow(flow);
    const { flow: live, audience, running } = await planBatch(client, flowId);
    await confirm(
      `The flow "${live.name ?? flowId}" will run for ${counted(audience.affected, "person", "people")} of ${audience.total.toLocaleString("en")}, in project ${client.projectId} at ${client.host}.`,
      ...(audience.overLimit
        ? [
            `That is more than the ${audience.limit!.toLocaleString("en")} that one batch may reach: the rest is left out.`,
          ]
        : []),
      ...(running.length > 0
        ? [
            `${counted(running.length, "batch", "batches")} of it ${running.length === 1 ? "is" : "are"} running already: people may get everything twice.`,
          ]
        : []),
      "Messages cannot be unsent.",
    );
    const job = await startBatch(client, flowId, { variables });
    if (!watch) {
      print(
        job,
        () =>
          `Batch ${oneLine(job.id)} is ${oneLine(job.status)}. To wait until it ends: hogflow batch watch ${shellWord(flowId)} ${shellWord(job.id)}`,
      );
      return DONE;
    }
    return watched(context, { client, flowId, jobId: job.id });
  },
});

export const batchList = defineCommand({
  name: "batch list",
  summary: "batches of a flow",
  description: "Lists the batches of a flow, newest first.",
  arguments: { flow },
  needs: ["posthog"],
  json: "a list of batch jobs",
  examples: [{ command: 'hogflow batch list "Spring newsletter"', does: "which batches ran, and who started them" }],
  async run({ io, print, ...context }, { flow }) {
    const { client, id } = await context.flow(flow);
    const jobs = await listBatches(client, id);
    if (jobs.length === 0 && !io.json) return io.note("The flow has never run a batch.");
    const rows = jobs.map((job) => [job.id, job.status, moment(job.created_at), person(job.created_by)]);
    print(jobs, () =>
      table([{ title: "batch" }, { title: "status" }, { title: "started (UTC)" }, { title: "by" }], rows, io.columns),
    );
  },
});

export const batchWatch = defineCommand({
  name: "batch watch",
  summary: "wait until a batch has ended",
  description:
    "Waits until a batch has ended, and prints each change of its status. Ctrl-C stops waiting, not the batch.",
  arguments: { flow, batch: optionalArgument("id of the batch; default: the newest") },
  needs: ["posthog"],
  json: "the batch job at its end",
  exitCodes: { 0: "it completed", 2: "it failed or was cancelled" },
  examples: [{ command: 'hogflow batch watch "Spring newsletter"', does: "waits for the newest batch" }],
  async run(context, { flow, batch }) {
    const { client, id: flowId } = await context.flow(flow);
    return watched(context, { client, flowId, jobId: batch });
  },
});

async function watched(
  { io, clock, signal, print }: Context,
  { client, flowId, jobId }: { client: PostHogClient; flowId: string; jobId: string | undefined },
): Promise<ExitCode> {
  const onStatus = ({ id, status, updated_at }: WireBatchJob) => {
    if (!io.json) io.note(oneLine(`${moment(updated_at)}  ${id}  ${status}`));
    io.progress(`Waiting for batch ${id} …`);
  };
  const job = await watchBatch(client, flowId, { clock, jobId, signal, onStatus });
  print(job, () => oneLine(`Batch ${job.id} ${job.status === "completed" ? "completed" : `ended: ${job.status}`}.`));
  return job.status === "completed" ? DONE : FOUND;
}
