// The section Change: what a change does to flows, messages and people, and each flow before and after.
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Delivery, ShowData, ShownFlow } from "../data";
import { ChangedMessage } from "./changed-message";
import { counted, listed } from "./count-words";
import { FlowDrawing } from "./drawing";
import { UpdateNote } from "./drift";
import { Fold } from "./fold";
import { lookupIn, stepsOf } from "./lookup";
import { messageChanges, type MessageChange } from "./message-list";
import { FateChip } from "./parts";
import { PersonChange } from "./person-change";
import { changesOf } from "./person-changes";
import { hrefOf, type RouteOf } from "./routes";

/** Up to so many people are open from the start. */
const OPEN_PEOPLE = 3;
/** So many changed messages are open from the start: each draws frames. */
const OPEN_MESSAGES = 1;

export function Change({ data, route }: { data: ShowData; route: RouteOf<"change"> }) {
  const flow = route.flow === undefined ? undefined : lookupIn(data).flow(route.flow);
  return flow === undefined ? (
    <Overview data={data} person={route.person} />
  ) : (
    <ChangedFlow key={flow.name} data={data} flow={flow} />
  );
}

function Overview({ data, person }: { data: ShowData; person?: string }) {
  const { before, after } = data.change!;
  const named = data.people.findIndex(({ name }) => name === person);
  useEffect(() => {
    if (named >= 0) document.getElementById(`person-${named}`)?.scrollIntoView();
  }, [named]);
  const changed = data.flows.filter(({ fate }) => fate !== "same");
  const same = data.flows.filter(({ fate }) => fate === "same");
  return (
    <>
      <h1 tabIndex={-1}>Change</h1>
      <p class="lead">
        From {before} to {after}: {summaryOf(data.flows)}
      </p>
      {changed.length > 0 && (
        <section aria-labelledby="changed-flows">
          <h2 id="changed-flows">Flows</h2>
          <div class="changed-flows">
            {changed.map((flow) => (
              <article key={flow.name} class="card">
                <h3>
                  <a href={hrefOf({ section: "change", flow: flow.name })}>{flow.title}</a>{" "}
                  <FateChip fate={flow.fate} />
                </h3>
                <Sentences flow={flow} />
                <p class="change-link small">
                  <a href={hrefOf({ section: "change", flow: flow.name })}>
                    {linkWords(data, flow)}
                    <span class="hidden"> of {flow.title}</span>
                  </a>
                </p>
              </article>
            ))}
          </div>
          {same.length > 0 && (
            <p class="soft small">
              Same:{" "}
              {same.map(({ name, title }, i) => (
                <Fragment key={name}>
                  {i > 0 && ", "}
                  <bdi>{title}</bdi>
                </Fragment>
              ))}
              .
            </p>
          )}
        </section>
      )}
      <Edits flows={data.flows.filter(({ isEdited }) => isEdited)} />
      {data.people.length > 0 && (
        <section aria-labelledby="changed-people">
          <h2 id="changed-people">What changes for each person</h2>
          {data.people.map(({ name }, index) => (
            <PersonChange
              key={name}
              id={`person-${index}`}
              data={data}
              person={index}
              isOpen={
                named < 0 ? data.people.length <= OPEN_PEOPLE && changesOf(data, index).length > 0 : index === named
              }
            />
          ))}
        </section>
      )}
    </>
  );
}

/** What the page of a flow's change has. */
const linkWords = (data: ShowData, flow: ShownFlow): string => {
  const messages = changedMessages(data, flow).length;
  return messages === 0
    ? "Drawing and people, before and after"
    : `Drawing, people and ${counted(messages, "message")}, before and after`;
};

/** What this change is not, and what the next update meets. */
function Edits({ flows }: { flows: readonly ShownFlow[] }) {
  if (flows.length === 0) return null;
  return (
    <section aria-labelledby="edits-heading">
      <h2 id="edits-heading">Edited in PostHog</h2>
      <ul>
        {flows.map(({ name, title, drift = [] }) => (
          <li key={name}>
            <a href={hrefOf({ section: "flows", flow: name })}>{title}</a>
            <ul class="sentences">
              {drift.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <UpdateNote />
    </section>
  );
}

function summaryOf(flows: readonly ShownFlow[]): string {
  const parts = (["added", "changed", "removed", "same"] as const).flatMap((fate) => {
    const count = flows.filter((flow) => flow.fate === fate).length;
    return count === 0 ? [] : [`${count} ${fate === "same" ? "the same" : fate}`];
  });
  return parts.length === 0 ? "there are no flows." : `${listed(parts)}, of ${counted(flows.length, "flow")}.`;
}

function Sentences({ flow: { changes } }: { flow: ShownFlow }) {
  if (changes.length === 0) return <p class="soft">Nothing changes.</p>;
  return (
    <ul class="sentences">
      {changes.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function ChangedFlow({ data, flow }: { data: ShowData; flow: ShownFlow }) {
  const isOfFlow = (delivery: Delivery): boolean => delivery.flow === flow.name;
  const people = data.people.flatMap(({ name }, index) =>
    (["before", "after"] as const).some((side) => lookupIn(data).deliveries(index, side).some(isOfFlow))
      ? [{ name, index }]
      : [],
  );
  return (
    <>
      <p class="back">
        <a href={hrefOf({ section: "change" })}>
          <span aria-hidden="true">← </span>All changes
        </a>
      </p>
      <h1 tabIndex={-1}>
        {flow.title} <FateChip fate={flow.fate} />
      </h1>
      <p class="lead">
        <a href={hrefOf({ section: "flows", flow: flow.name })}>See the flow with its findings and steps</a>
      </p>
      <Sentences flow={flow} />
      <section aria-labelledby="drawings-heading">
        <h2 id="drawings-heading">Before and after</h2>
        <div class="sides">
          {(["before", "after"] as const).map((side) => (
            <div key={side} class="side">
              <h3>
                {side === "before" ? "Before" : "After"}: {data.change![side]}
              </h3>
              {flow[side] === undefined ? (
                <p class="card soft">{side === "before" ? "There is no such flow." : "The flow is gone."}</p>
              ) : (
                <FlowDrawing
                  drawing={flow[side].drawing}
                  label={`${flow.title}, ${side} the change`}
                  hrefOfStep={(step) => hrefOf({ section: "flows", flow: flow.name, step })}
                />
              )}
            </div>
          ))}
        </div>
      </section>
      <ChangedMessages data={data} flow={flow} />
      {people.length > 0 && (
        <section aria-labelledby="flow-people">
          <h2 id="flow-people">What changes for each person</h2>
          {people.map(({ name, index }) => (
            <PersonChange
              key={name}
              data={data}
              person={index}
              shows={isOfFlow}
              isOpen={people.length <= OPEN_PEOPLE}
            />
          ))}
        </section>
      )}
    </>
  );
}

/** Steps whose message changes for somebody. */
const changedMessages = (data: ShowData, flow: ShownFlow) =>
  stepsOf(flow)
    .filter(({ sends }) => sends)
    .map(({ id, title }) => ({ id, title, pairs: changedPairs(data, flow.name, id) }))
    .filter(({ pairs }) => pairs.length > 0);

function ChangedMessages({ data, flow }: { data: ShowData; flow: ShownFlow }) {
  const steps = changedMessages(data, flow);
  if (steps.length === 0) return null;
  return (
    <section aria-labelledby="messages-heading">
      <h2 id="messages-heading">Changed messages</h2>
      {steps.map(({ id, title, pairs }, i) => (
        <Fold
          key={id}
          class="card"
          isOpen={i < OPEN_MESSAGES}
          summary={
            <>
              <h3>{title}</h3> <FateChip fate={fateOf(pairs)} />
            </>
          }
        >
          {() => <ChangedMessageOf data={data} pairs={pairs} />}
        </Fold>
      ))}
    </section>
  );
}

const fateOf = (pairs: readonly MessageChange[]) =>
  pairs.every(({ before }) => before === undefined)
    ? "added"
    : pairs.every(({ after }) => after === undefined)
      ? "removed"
      : "changed";

/** For each person, the first message of a step that is not the same on both sides. */
function changedPairs(data: ShowData, flow: string, step: string): MessageChange[] {
  const changes = messageChanges(data, flow, step);
  return data.people.flatMap((_, person) => changes.find((change) => change.person === person) ?? []);
}

function ChangedMessageOf({ data, pairs }: { data: ShowData; pairs: readonly MessageChange[] }) {
  const [chosen, setChosen] = useState(0);
  const { before, after } = pairs[chosen] ?? pairs[0]!;
  return (
    <>
      <label class="as-person">
        As it comes to{" "}
        <select value={chosen} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
          {pairs.map(({ person }, i) => (
            <option key={person} value={i}>
              {data.people[person]!.name}
            </option>
          ))}
        </select>
      </label>
      <ChangedMessage before={before} after={after} />
    </>
  );
}
