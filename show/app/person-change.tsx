// What changes for one person: in sentences, and as two calendars side by side.
import type { Delivery, ShowData } from "../data";
import type { Entry } from "./calendar";
import { EntryCard } from "./calendar-view";
import { listed } from "./count-words";
import { dayOf, dayText, timeText } from "./dates";
import { DoubtChip, Doubts, sentWords } from "./doubts";
import { Fold } from "./fold";
import { lookupIn } from "./lookup";
import { messageWords } from "./message-words";
import { Channel, FateChip } from "./parts";
import { changesOf, comparedDays, type ComparedDay } from "./person-changes";
import { hrefOf } from "./routes";

interface Props {
  data: ShowData;
  person: number;
  /** Which messages count. Default: all. */
  shows?: (delivery: Delivery) => boolean;
  isOpen: boolean;
  id?: string;
}

export function PersonChange({ data, person, shows, isOpen, id }: Props) {
  const changes = changesOf(data, person, shows);
  return (
    <Fold
      id={id}
      class="card person-change"
      isOpen={isOpen}
      summary={
        <>
          <h3>{data.people[person]!.name}</h3> <span class="soft small">{summaryOf(changes)}</span>
        </>
      }
    >
      {() => {
        const days = comparedDays(data, person, shows);
        return (
          <>
            {changes.length > 0 && (
              <ul class="plain change-lines">
                {changes.map((entry) => (
                  <li key={entry.delivery} class="change-line">
                    <ChangeLine data={data} entry={entry} />
                  </li>
                ))}
              </ul>
            )}
            <Compared data={data} days={days} />
            <Doubts
              data={data}
              deliveries={days.flatMap(({ before, after }) => [...before, ...after].map(({ delivery }) => delivery))}
            />
          </>
        );
      }}
    </Fold>
  );
}

function summaryOf(changes: readonly Entry[]): string {
  if (changes.length === 0) return "nothing changes";
  const parts = (["added", "removed", "moved", "changed"] as const).flatMap((fate) => {
    const count = changes.filter(({ fates }) => fates.includes(fate)).length;
    return count === 0 ? [] : [`${count} ${fate}`];
  });
  return listed(parts);
}

function ChangeLine({ data, entry: { delivery, fates, other } }: { data: ShowData; entry: Entry }) {
  const flow = lookupIn(data).flow(delivery.flow);
  const when = ({ at }: Delivery): string => `${dayText(at)} at ${timeText(at)} (day ${dayOf(data.madeAt, at)})`;
  return (
    <>
      <span class="change-fates">
        {fates.map((fate) => (
          <FateChip key={fate} fate={fate} />
        ))}
      </span>
      <span>
        <Channel channel={data.contents[delivery.content]!.channel} />{" "}
        <a
          href={hrefOf({
            section: "messages",
            flow: delivery.flow,
            step: delivery.step,
            person: data.people[delivery.person]!.name,
          })}
        >
          {messageWords(data, delivery)}
        </a>{" "}
        <span class="soft">
          from <bdi>{flow?.title ?? delivery.flow}</bdi>,{" "}
          {fates.includes("moved") && other !== undefined ? `${when(other)} → ${when(delivery)}` : when(delivery)}
          {fates.includes("changed") &&
            other !== undefined &&
            messageWords(data, other) !== messageWords(data, delivery) && (
              <>
                , was “<bdi>{messageWords(data, other)}</bdi>”
              </>
            )}
        </span>{" "}
        <DoubtChip data={data} delivery={delivery} />
      </span>
    </>
  );
}

function Compared({ data, days }: { data: ShowData; days: readonly ComparedDay[] }) {
  const { before, after } = data.change!;
  if (days.length === 0) return <p class="soft">Nothing comes on either side.</p>;
  return (
    <table class="compared" role="table">
      <caption class="hidden">Messages before and after the change</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Day
          </th>
          <th role="columnheader" scope="col">
            Before: {before}
          </th>
          <th role="columnheader" scope="col">
            After: {after}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {days.map(({ day, date, ...sides }) => (
          <tr key={day} role="row">
            <th role="rowheader" scope="row">
              {dayText(date)} <span class="day-number">day {day}</span>
            </th>
            <ComparedCell data={data} label={before} entries={sides.before} />
            <ComparedCell data={data} label={after} entries={sides.after} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ComparedCell({ data, label, entries }: { data: ShowData; label: string; entries: readonly Entry[] }) {
  return (
    <td role="cell">
      <span class="cell-side" aria-hidden="true">
        {label}:{" "}
        {sentWords(
          data,
          entries.map(({ delivery }) => delivery),
        )}
      </span>
      {entries.length === 0 ? (
        <span class="cell-nothing soft">nothing</span>
      ) : (
        <ul class="plain entries">
          {entries.map((entry) => (
            <li key={entry.delivery}>
              <EntryCard data={data} entry={entry} />
            </li>
          ))}
        </ul>
      )}
    </td>
  );
}
