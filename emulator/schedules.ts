/** Schedules of flows: create, change, delete, and the scheduler that runs them. */
import { startBatchJob } from "./batch-jobs";
import { notFound } from "./errors";
import { clone, isObject } from "./json";
import { nextRun, parseRule } from "./recurrence";
import { checkTiming, schedulePayload, TIMING_KEYS } from "./serializers/schedule";
import { newId, type Flow, type Schedule } from "./store";
import type { Backend } from "./writes";

export function createSchedule({ clock }: Backend, flow: Flow, body: unknown): Schedule {
  const values = schedulePayload(body, false);
  const timing = { rrule: values.rrule!, starts_at: values.starts_at!, timezone: values.timezone ?? "UTC" };
  checkTiming(timing, clock.now());
  const now = clock.stamp();
  const created: Schedule = {
    id: newId(),
    ...timing,
    variables: values.variables ?? {},
    status: "active",
    next_run_at: null,
    created_at: now,
    updated_at: now,
  };
  flow.schedules.push(created);
  return created;
}

export function findSchedule(flow: Flow, id: string): Schedule {
  const schedule = flow.schedules.find((s) => s.id === id.toLowerCase());
  if (!schedule) throw notFound("Schedule not found");
  return schedule;
}

/** The whole rule is checked again, also when only variables change. */
export function updateSchedule({ clock, switches }: Backend, schedule: Schedule, body: unknown): void {
  const values = schedulePayload(body, true);
  const next = { ...schedule, ...values };
  checkTiming(next, clock.now());
  const moved = TIMING_KEYS.some((key) => next[key] !== schedule[key]);
  Object.assign(schedule, values, { updated_at: clock.stamp() });
  if (!moved) return;
  schedule.next_run_at = null;
  if (schedule.status !== "paused" || !switches.pausedStaysPausedOnPatch) schedule.status = "active";
}

export function deleteSchedule(flow: Flow, id: string): void {
  const schedule = findSchedule(flow, id);
  flow.schedules = flow.schedules.filter((other) => other !== schedule);
}

const SCHEDULED_TRIGGERS = ["batch", "schedule"];

/** One turn of the scheduler. A due schedule moves on to the occurrence after the due one, so a backlog takes several turns. */
export function runScheduler(backend: Backend): void {
  for (const flow of backend.store.flowsOf()) {
    const runs = flow.status === "active" && SCHEDULED_TRIGGERS.includes(flow.content.trigger?.type);
    for (const schedule of flow.schedules) {
      if (schedule.status === "active" && runs) turn(backend, flow, schedule);
      else schedule.next_run_at = null;
    }
  }
}

function turn(backend: Backend, flow: Flow, schedule: Schedule): void {
  const now = backend.clock.now();
  const due = schedule.next_run_at === null ? null : schedule.next_run_at / 1000;
  if (due !== null && due > now) return;
  const next = nextRun(
    parseRule(schedule.rrule),
    { startsAt: schedule.starts_at / 1000, zone: schedule.timezone },
    due ?? now,
  );
  schedule.next_run_at = next === null ? null : next * 1000;
  if (next === null) schedule.status = "completed";
  schedule.updated_at = backend.clock.stamp();
  if (due !== null && flow.content.trigger?.type === "batch")
    startBatchJob(backend, flow, { variables: runVariables(flow, schedule), user: null });
}

/** Defaults of the flow's variables under those of the schedule. */
function runVariables(flow: Flow, schedule: Schedule): unknown {
  const defaults = Object.fromEntries(
    (Array.isArray(flow.content.variables) ? flow.content.variables : []).map(
      (v: { key: string; default?: string }) => [v.key, v.default ?? ""],
    ),
  );
  return { ...defaults, ...(isObject(schedule.variables) ? clone(schedule.variables) : {}) };
}
