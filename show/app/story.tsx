// How one run went, step by step, with what it sent.
import type { ShowData, ShownRun } from "../data";
import { dayOf, dayText, momentText, timeText } from "./dates";
import { lookupIn, stepOf } from "./lookup";
import { messageWords } from "./message-words";
import { Channel } from "./parts";
import { hrefOf } from "./routes";

export function Story({ data, run }: { data: ShowData; run: ShownRun }) {
  const flow = lookupIn(data).flow(run.flow);
  const person = data.people[run.person]!;
  return (
    <div class="story">
      <p class="soft">
        Started by {run.startedBy}, {momentText(run.started)}.{" "}
        <a href={hrefOf({ section: "flows", flow: run.flow })}>See the flow</a>
      </p>
      <ol class="plain story-lines">
        {run.lines.map((line, i) => {
          const isNewDay = i === 0 || dayOf(data.madeAt, run.lines[i - 1]!.at) !== dayOf(data.madeAt, line.at);
          return (
            <li key={i} class="story-line">
              <span class="story-time number">
                {isNewDay && <span class="story-day">{dayText(line.at)}</span>}{" "}
                <time dateTime={line.at}>{timeText(line.at)}</time>
              </span>
              <div>
                {stepOf(flow, line.step) === undefined ? (
                  <span class="story-title">{line.title}</span>
                ) : (
                  <a class="story-title" href={hrefOf({ section: "flows", flow: run.flow, step: line.step })}>
                    {line.title}
                  </a>
                )}{" "}
                <span class="soft">{line.words}</span>
                {line.deliveries.map((index) => {
                  const delivery = data.deliveries[index]!;
                  return (
                    <p key={index} class="story-message">
                      <Channel channel={data.contents[delivery.content]!.channel} />{" "}
                      <a href={hrefOf({ section: "messages", flow: run.flow, step: line.step, person: person.name })}>
                        {messageWords(data, delivery)}
                      </a>
                    </p>
                  );
                })}
              </div>
            </li>
          );
        })}
      </ol>
      <p class="story-end">
        <strong>End:</strong> {run.end}.
      </p>
    </div>
  );
}
