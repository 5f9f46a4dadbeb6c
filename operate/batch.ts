// Batches: a run of a flow for each person of its audience. Starting one sends real messages, so nothing here is ever repeated on its own.
import type { BatchJobStatus, Clock, PostHogClient, WireBatchJob, WireFlow } from "../api";
import { PostHogApiError } from "../api";
import { audienceOf, countAudience, type Audience } from "./audience";
import { OperateError } from "./errors";

/** Statuses that a batch keeps. */
const ENDED: ReadonlySet<BatchJobStatus> = new Set(["completed", "cancelled", "failed"]);

/**
 * Whether a batch is over: completed, cancelled or failed.
 *
 * @example
 * const running = (await listBatches(client, flowId)).filter((job) => !hasEnded(job));
 */
const hasEnded = ({ status }: WireBatchJob): boolean => ENDED.has(status);

/** What starting a batch would do. */
export interface BatchPlan {
  flow: WireFlow;
  audience: Audience;
  /** Batches that run or wait already. */
  running: WireBatchJob[];
}

/**
 * What starting a batch of the flow would do. Changes nothing.
 *
 * @throws OperateError when the flow is not active or has no batch trigger.
 *
 * @example
 * const { audience } = await planBatch(client, flowId);
 */
export async function planBatch(client: PostHogClient, flowId: string): Promise<BatchPlan> {
  const flow = await client.getFlow(flowId);
  const { filters, sendsEmail } = audienceOf(flow);
  if (flow.status !== "active")
    throw new OperateError({
      what: `The flow "${flow.name ?? flow.id}" is ${flow.status}`,
      why: "Only an active flow runs a batch",
      fix: 'Set `status: "active"` in the program and run `pulumi up`',
    });
  const audience = await countAudience(client, filters, { sendsEmail });
  return { flow, audience, running: (await client.listBatchJobs(flowId)).filter((job) => !hasEnded(job)) };
}

/**
 * Starts a batch of an active flow, for everybody in its audience. When the answer is lost it is not started again.
 *
 * @throws OperateError when it is not known whether the batch was started.
 *
 * @example
 * const job = await startBatch(client, flowId, { variables: { coupon: "SPRING" } });
 */
export async function startBatch(
  client: PostHogClient,
  flowId: string,
  { variables = {} }: { variables?: Record<string, unknown> } = {},
): Promise<WireBatchJob> {
  try {
    return await client.createBatchJob(flowId, { variables });
  } catch (error) {
    if (!(error instanceof PostHogApiError) || error.outcome !== "unknown") throw error;
    throw new OperateError({
      what: "The batch may or may not have started",
      why: error.message,
      fix: "Check with `hogflow batch list` before you start it again: a second batch sends everything twice",
    });
  }
}

/**
 * Batches of a flow, newest first.
 *
 * @example
 * const [newest] = await listBatches(client, flowId);
 */
export async function listBatches(client: PostHogClient, flowId: string): Promise<WireBatchJob[]> {
  return (await client.listBatchJobs(flowId)).sort((a, b) =>
    a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0,
  );
}

/** How a batch is watched. */
export interface WatchOptions {
  clock: Clock;
  /** Default: the newest batch. */
  jobId?: string;
  signal?: AbortSignal;
  /** Between two looks, in milliseconds; default 5000. */
  intervalMs?: number;
  /** Told whenever the status changed, and once at the beginning. */
  onStatus?: (job: WireBatchJob) => void;
}

/**
 * Waits until a batch has ended, and gives it.
 *
 * @throws OperateError when there is no such batch.
 *
 * @example
 * const { status } = await watchBatch(client, flowId, { clock: systemClock, onStatus: ({ status }) => console.log(status) });
 */
export async function watchBatch(
  client: PostHogClient,
  flowId: string,
  { clock, jobId, signal, intervalMs = 5000, onStatus }: WatchOptions,
): Promise<WireBatchJob> {
  let id = jobId?.toLowerCase();
  let reported: string | undefined;
  for (;;) {
    const jobs = await listBatches(client, flowId);
    const job = id === undefined ? jobs[0] : jobs.find((other) => other.id === id);
    if (!job)
      throw new OperateError({
        what: id === undefined ? "The flow has never run a batch" : `The flow has no batch ${id}`,
        fix: "`hogflow batch list` shows the batches of a flow",
      });
    id = job.id;
    if (job.status !== reported) onStatus?.(job);
    reported = job.status;
    if (hasEnded(job)) return job;
    await clock.sleep(intervalMs, signal);
  }
}
