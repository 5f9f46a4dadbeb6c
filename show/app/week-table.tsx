// Everybody's messages of one week, side by side.
import { useState } from "preact/hooks";
import type { Delivery, ShowData } from "../data";
import { CalendarEnd } from "./calendar-end";
import { dateOfDay, dayOf, dayText, timeText } from "./dates";
import { Doubts, doubtWords, sentWords } from "./doubts";
import { grouped, lookupIn } from "./lookup";
import { isMessage, messageWords } from "./message-words";
import { Channel } from "./parts";
import { hrefOf } from "./routes";

/** How many messages of a day have room in a cell. */
const MAX_PER_CELL = 4;

export function WeekTable({ data }: { data: ShowData }) {
  const [week, setWeek] = useState(0);
  const lookup = lookupIn(data);
  const rows = data.people.map((person, index) => ({
    person,
    deliveries: lookup.deliveries(index, "after").filter((delivery) => isMessage(data, delivery)),
  }));
  const lastDay = Math.max(
    0,
    ...rows.map(({ deliveries }) => (deliveries.length === 0 ? 0 : dayOf(data.madeAt, deliveries.at(-1)!.at))),
  );
  const weeks = Math.floor(lastDay / 7) + 1;
  const days = Array.from({ length: 7 }, (_, i) => week * 7 + i);
  return (
    <section aria-labelledby="week-heading">
      <div class="week-head">
        <h2 id="week-heading" aria-live="polite">
          Week {week + 1}{" "}
          <span class="soft">
            {dayText(dateOfDay(data.madeAt, days[0]!))} – {dayText(dateOfDay(data.madeAt, days[6]!))}
          </span>
        </h2>
        <div class="week-buttons">
          <button type="button" class="button" disabled={week === 0} onClick={() => setWeek(week - 1)}>
            <span aria-hidden="true">←</span> Earlier
          </button>
          <button type="button" class="button" disabled={week + 1 >= weeks} onClick={() => setWeek(week + 1)}>
            Later <span aria-hidden="true">→</span>
          </button>
        </div>
      </div>
      {/* Roles are said, because on narrow screens the rows are blocks, which takes their meaning from elements of tables. */}
      <table class="week" role="table" aria-labelledby="week-heading">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Person
            </th>
            {days.map((day) => (
              <th key={day} role="columnheader" scope="col">
                {dayText(dateOfDay(data.madeAt, day))} <span class="day-number">day {day}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ person, deliveries }) => {
            const byDay = grouped(deliveries, ({ at }) => dayOf(data.madeAt, at));
            const ofWeek = days.flatMap((day) => byDay.get(day) ?? []);
            return (
              <tr key={person.name} role="row">
                <th role="rowheader" scope="row">
                  <a href={hrefOf({ section: "people", person: person.name })}>{person.name}</a>
                  <span class="week-count soft">{sentWords(data, ofWeek)}</span>
                </th>
                {days.map((day) => (
                  <td key={day} role="cell" class={byDay.has(day) ? undefined : "cell-empty"}>
                    <WeekCell data={data} day={day} person={person.name} deliveries={byDay.get(day) ?? []} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <Doubts
        data={data}
        deliveries={rows
          .flatMap(({ deliveries }) => deliveries)
          .filter(({ at }) => days.includes(dayOf(data.madeAt, at)))}
      />
      <CalendarEnd data={data} />
    </section>
  );
}

interface CellProps {
  data: ShowData;
  day: number;
  person: string;
  deliveries: readonly Delivery[];
}

function WeekCell({ data, day, person, deliveries }: CellProps) {
  if (deliveries.length === 0) return <span class="hidden">nothing</span>;
  const more = deliveries.length - MAX_PER_CELL;
  return (
    <>
      <span class="cell-day" aria-hidden="true">
        {dayText(dateOfDay(data.madeAt, day))} <span class="day-number">day {day}</span>
      </span>
      <ul class="plain cell-messages">
        {deliveries.slice(0, more > 1 ? MAX_PER_CELL : undefined).map((delivery) => (
          <li key={delivery}>
            <span class="cell-when soft small">
              <time dateTime={delivery.at}>{timeText(delivery.at)}</time>{" "}
              <Channel channel={data.contents[delivery.content]!.channel} />
            </span>{" "}
            <a href={hrefOf({ section: "messages", flow: delivery.flow, step: delivery.step, person })}>
              {messageWords(data, delivery)}
            </a>
            <span class="small soft">
              <bdi>{lookupIn(data).flow(delivery.flow)?.title ?? delivery.flow}</bdi>
              {delivery.maybe !== undefined && `, ${doubtWords(data, delivery)}`}
            </span>
          </li>
        ))}
      </ul>
      {more > 1 && (
        <a class="small" href={hrefOf({ section: "people", person, day })}>
          and {more} more
        </a>
      )}
    </>
  );
}
