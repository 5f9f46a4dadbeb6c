// A calendar on the page: a grid of weeks where there is room, a list of the days with messages where there is none.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ShowData } from "../data";
import { weeksOf, type CalendarDay, type Entry } from "./calendar";
import { CalendarEnd } from "./calendar-end";
import { counted } from "./count-words";
import { dayText, longDayText, timeText } from "./dates";
import { DoubtChip, Doubts } from "./doubts";
import { usePrinting } from "./printing";
import { lookupIn } from "./lookup";
import { isMessage, messageWords } from "./message-words";
import { Channel, FateChip } from "./parts";
import { hrefOf } from "./routes";

/** How many messages of a day are shown at once. */
const MAX_ENTRIES = 6;

interface Props {
  data: ShowData;
  entries: readonly Entry[];
  /** The day that the address names. */
  current?: number;
}

export function CalendarView({ data, entries, current }: Props) {
  const weeks = weeksOf(data.madeAt, entries);
  return (
    <div class="calendar">
      <div class="calendar-head" aria-hidden="true">
        {["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ol class="calendar-days plain">
        {weeks.map((week) =>
          "days" in week ? (
            week.days.map((day) => <Day key={day.day} data={data} day={day} isCurrent={day.day === current} />)
          ) : (
            <li key={`gap ${week.from.getTime()}`} class="calendar-gap">
              {counted(week.daysWithout, "day")} without a message: {dayText(week.from)} – {dayText(week.to)}
            </li>
          ),
        )}
      </ol>
      <Doubts data={data} deliveries={entries.map(({ delivery }) => delivery)} />
      <CalendarEnd data={data} />
    </div>
  );
}

function Day({
  data,
  day: { day, date, entries },
  isCurrent,
}: {
  data: ShowData;
  day: CalendarDay;
  isCurrent: boolean;
}) {
  const item = useRef<HTMLLIElement>(null);
  const printing = usePrinting();
  const [isWhole, setWhole] = useState(false);
  useEffect(() => {
    if (!isCurrent) return;
    item.current?.scrollIntoView();
    item.current?.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
  }, [isCurrent]);
  if (entries.length === 0) {
    return (
      <li class={`day day-empty ${day < 0 ? "day-past" : ""}`} aria-hidden="true">
        <DayDate day={day} date={date} />
      </li>
    );
  }
  const all = isWhole || isCurrent || printing || entries.length <= MAX_ENTRIES + 1;
  const shown = all ? entries : entries.slice(0, MAX_ENTRIES);
  return (
    <li ref={item} class="day" aria-current={isCurrent ? "date" : undefined}>
      <h3 tabIndex={-1} class="day-heading" aria-label={`${longDayText(date)}, day ${day}`}>
        <DayDate day={day} date={date} />
      </h3>
      <ul class="plain entries">
        {shown.map((entry) => (
          <li key={entry.delivery}>
            <EntryCard data={data} entry={entry} />
          </li>
        ))}
      </ul>
      {!all && (
        <button type="button" class="button small" onClick={() => setWhole(true)}>
          Show {entries.length - MAX_ENTRIES} more
        </button>
      )}
    </li>
  );
}

function DayDate({ day, date }: { day: number; date: Date }) {
  return (
    <>
      <span class="day-date">{dayText(date)}</span>
      {day >= 0 && <span class="day-number">day {day}</span>}
    </>
  );
}

export function EntryCard({ data, entry }: { data: ShowData; entry: Entry }) {
  const { delivery, fates, other, collides } = entry;
  const flow = lookupIn(data).flow(delivery.flow);
  const person = data.people[delivery.person]!;
  return (
    <a
      class={`entry ${delivery.maybe === undefined ? "" : "entry-maybe"} ${isMessage(data, delivery) ? "" : "entry-request"}`}
      href={hrefOf({ section: "messages", flow: delivery.flow, step: delivery.step, person: person.name })}
    >
      <span class="entry-head">
        <time dateTime={delivery.at}>{timeText(delivery.at)}</time>{" "}
        <Channel channel={data.contents[delivery.content]!.channel} />
      </span>{" "}
      <span class="entry-words">{messageWords(data, delivery)}</span>{" "}
      <span class="entry-flow">{flow?.title ?? delivery.flow}</span>{" "}
      {(fates.length > 0 || collides.includes("within-an-hour") || delivery.maybe !== undefined) && (
        <span class="entry-chips">
          {fates.map((fate) => (
            <FateChip key={fate} fate={fate} />
          ))}{" "}
          {fates.includes("moved") && other !== undefined && (
            <span class="small">
              {delivery.side === "after" ? "was" : "will be"} {dayText(other.at)}, {timeText(other.at)}
            </span>
          )}{" "}
          {collides.includes("within-an-hour") && <span class="chip chip-warn">! within an hour</span>}{" "}
          <DoubtChip data={data} delivery={delivery} />
        </span>
      )}
    </a>
  );
}
