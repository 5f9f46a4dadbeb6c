// The section Flows: the list of flows, and the page of one.
import type { ShowData, ShownFlow } from "../data";
import { counted } from "./count-words";
import { FlowPage } from "./flow-page";
import { lookupIn } from "./lookup";
import { messagesOf } from "./message-list";
import { FateChip, FindingChips, StatusChip } from "./parts";
import { hrefOf, type RouteOf } from "./routes";

export function Flows({ data, route }: { data: ShowData; route: RouteOf<"flows"> }) {
  const flow = route.flow === undefined ? undefined : lookupIn(data).flow(route.flow);
  return flow === undefined ? (
    <FlowList data={data} />
  ) : (
    <FlowPage key={flow.name} data={data} flow={flow} step={route.step} />
  );
}

function FlowList({ data }: { data: ShowData }) {
  return (
    <>
      <h1 tabIndex={-1}>Flows</h1>
      {data.flows.length === 0 ? (
        <p class="lead">There are no flows.</p>
      ) : (
        <ul class="flow-list plain">
          {data.flows.map((flow) => (
            <FlowEntry key={flow.name} data={data} flow={flow} />
          ))}
        </ul>
      )}
    </>
  );
}

function FlowEntry({ data, flow }: { data: ShowData; flow: ShownFlow }) {
  const { trigger, audience, status, steps, findings, schedules } = (flow.after ?? flow.before)!;
  const own = messagesOf(data).filter((each) => each.flow === flow && (each.side === "after" || !flow.after));
  const sends = own.filter(({ step }) => step.sends).length;
  const requests = own.length - sends;
  return (
    <li class="card flow-entry">
      <div class="flow-entry-words">
        <h2>
          <a href={hrefOf({ section: "flows", flow: flow.name })}>{flow.title}</a>
        </h2>
        <p class="soft">
          <bdi>{audience === undefined ? trigger : `for ${audience}`}</bdi>
          {schedules.map(({ name, words, isPaused }) => (
            <span key={name} class="flow-entry-schedule">
              <bdi>{words}</bdi> {isPaused && <span class="chip chip-warn">paused</span>}
            </span>
          ))}
        </p>
      </div>
      <div class="flow-entry-facts">
        <p class="small soft">
          {counted(steps.length, "step")}, {counted(sends, "message")}
          {requests > 0 && `, ${counted(requests, "request")}`}
        </p>
        <p class="chips">
          {data.change !== undefined && flow.fate !== "same" && <FateChip fate={flow.fate} />}
          <StatusChip status={status} />
          <FindingChips findings={findings} />
          {flow.isEdited && (
            <a class="chip chip-warn" href={hrefOf({ section: "flows", flow: flow.name })}>
              edited in PostHog
            </a>
          )}
        </p>
      </div>
    </li>
  );
}
