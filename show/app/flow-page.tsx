// The page of one flow: who starts it and when people leave it, its drawing, its steps, what is wrong with it, and what somebody changed in PostHog.
import type { ShowData, ShownFinding, ShownFlow, FlowVersion } from "../data";
import { CodeLocation } from "./code-location";
import { counted } from "./count-words";
import { Drift } from "./drift";
import { FlowDrawing } from "./drawing";
import { FlowSteps } from "./flow-steps";
import { messagesOf } from "./message-list";
import { FateChip, OutLink, StatusChip } from "./parts";
import { hrefOf } from "./routes";
import { Schedules } from "./schedules";

interface Props {
  data: ShowData;
  flow: ShownFlow;
  /** Id of the step that the address names. */
  step?: string;
}

export function FlowPage({ data, flow, step }: Props) {
  const version = (flow.after ?? flow.before)!;
  return (
    <>
      <p class="back">
        <a href={hrefOf({ section: "flows" })}>
          <span aria-hidden="true">← </span>All flows
        </a>
      </p>
      <h1 tabIndex={-1}>
        {flow.title} {data.change !== undefined && flow.fate !== "same" && <FateChip fate={flow.fate} />}{" "}
        <StatusChip status={version.status} />
      </h1>
      <p class="flow-links">
        {flow.location !== undefined && <CodeLocation location={flow.location} />}
        {flow.url !== undefined && <OutLink url={flow.url}>Open in PostHog</OutLink>}
      </p>
      {version.description !== undefined && <p class="lead description">{version.description}</p>}
      <Facts version={version} />
      {flow.isEdited && <Drift drift={flow.drift!} isEdited />}
      {data.change !== undefined && flow.fate !== "same" && <Changes flow={flow} />}
      <Drawings data={data} flow={flow} step={step} />
      <section aria-labelledby="steps-heading">
        <h2 id="steps-heading">Steps</h2>
        <FlowSteps flow={flow} version={version} current={step} />
      </section>
      <Findings data={data} version={version} flow={flow} />
      {flow.drift !== undefined && !flow.isEdited && <Drift drift={flow.drift} />}
    </>
  );
}

function Facts({ version: { trigger, audience, exit, goal, schedules } }: { version: FlowVersion }) {
  const facts: [string, string | undefined][] = [
    // Of a batch, what starts it is whom it is for.
    ["Starts", audience === undefined ? trigger : undefined],
    ["For", audience],
    ["People leave early", exit],
    ["Goal", goal],
  ];
  return (
    <dl class="facts">
      {facts.map(
        ([name, words]) =>
          words !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{words}</bdi>
              </dd>
            </div>
          ),
      )}
      {schedules.length > 0 && (
        <div class="fact-wide">
          <dt>{schedules.length === 1 ? "Schedule" : "Schedules"}</dt>
          <dd>
            <Schedules schedules={schedules} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Changes({ flow }: { flow: ShownFlow }) {
  return (
    <section aria-labelledby="changes-heading">
      <h2 id="changes-heading">What changes</h2>
      <ul>
        {flow.changes.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p class="change-link">
        <a href={hrefOf({ section: "change", flow: flow.name })}>Messages and people, before and after</a>
      </p>
    </section>
  );
}

/** One drawing; in a change of the flow, both sides. */
function Drawings({ data, flow, step }: Props) {
  const hrefOfStep = (id: string): string => hrefOf({ section: "flows", flow: flow.name, step: id });
  if (data.change !== undefined && flow.fate === "changed" && flow.before && flow.after)
    return (
      <section aria-labelledby="drawing-heading">
        <h2 id="drawing-heading">Before and after</h2>
        <div class="sides">
          {(["before", "after"] as const).map((side) => (
            <div key={side} class="side">
              <h3>
                {side === "before" ? "Before" : "After"}: {data.change![side]}
              </h3>
              <FlowDrawing
                drawing={flow[side]!.drawing}
                label={`${flow.title}, ${side} the change`}
                hrefOfStep={hrefOfStep}
                current={step}
              />
            </div>
          ))}
        </div>
      </section>
    );
  const { drawing } = (flow.after ?? flow.before)!;
  return (
    <section aria-labelledby="drawing-heading">
      <h2 id="drawing-heading">Drawing</h2>
      <FlowDrawing drawing={drawing} label={flow.title} hrefOfStep={hrefOfStep} current={step} />
    </section>
  );
}

/** Those of rules, and the links that lead nowhere in what sample people get. */
function Findings({ data, version, flow }: { data: ShowData; version: FlowVersion; flow: ShownFlow }) {
  const { findings } = version;
  const dead = messagesOf(data).filter((message) => message.flow === flow && message.deadLinks.length > 0);
  return (
    <section aria-labelledby="findings-heading">
      <h2 id="findings-heading">Findings</h2>
      {findings.length === 0 && dead.length === 0 ? (
        <p class="soft">No problems found.</p>
      ) : (
        <ul class="findings plain">
          {dead.map(({ step, deadLinks }) => (
            <li key={step.id} class="card finding">
              <p class="finding-what">
                <span class="chip chip-warn">{counted(deadLinks.length, "dead link")}</span>{" "}
                <a href={hrefOf({ section: "messages", flow: flow.name, step: step.id })}>{step.title}</a>
              </p>
              <ul>
                {deadLinks.map(({ url, text, dead: reason }) => (
                  <li key={`${text} ${url}`}>
                    {text.trim() === "" ? "Without a text" : `“${text}”`}: {reason}{" "}
                    {url.trim() !== "" && <code>{url}</code>}
                  </li>
                ))}
              </ul>
            </li>
          ))}
          {findings.map((finding, i) => (
            <Finding key={i} finding={finding} version={version} flow={flow} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Finding({ finding, version, flow }: { finding: ShownFinding; version: FlowVersion; flow: ShownFlow }) {
  const { severity, what, why, fix, rule, path, location } = finding;
  const step = version.steps.find(({ id }) => id === finding.step);
  return (
    <li class="card finding">
      <p class="finding-what">
        <span class={`chip ${severity === "error" ? "chip-bad" : "chip-warn"}`}>{severity}</span>{" "}
        <strong>{what}</strong>
      </p>
      {why !== undefined && <p>{why}</p>}
      {fix !== undefined && <p>{fix}</p>}
      <p class="finding-where small soft">
        {step !== undefined && <a href={hrefOf({ section: "flows", flow: flow.name, step: step.id })}>{step.title}</a>}
        {location !== undefined && <CodeLocation location={location} />}
        {path !== "" && <code>{path}</code>}
        <code>{rule}</code>
      </p>
    </li>
  );
}
