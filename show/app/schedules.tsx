// When a flow runs: each schedule in words, and its next dates in its own time zone and in the reader's.
import type { ShownSchedule } from "../data";

export function Schedules({ schedules }: { schedules: readonly ShownSchedule[] }) {
  return (
    <ul class="schedules plain">
      {schedules.map((schedule) => (
        <li key={schedule.name}>
          <p>
            <bdi>{schedule.words}</bdi> {schedule.isPaused && <span class="chip chip-warn">paused</span>}
          </p>
          {schedule.next.length === 0 ? (
            <p class="small soft">
              {schedule.isPaused ? "It has no next date while it is paused." : "It has no next date."}
            </p>
          ) : (
            <NextDates schedule={schedule} />
          )}
        </li>
      ))}
    </ul>
  );
}

function NextDates({ schedule: { next, timezone } }: { schedule: ShownSchedule }) {
  const readers = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const inZone = momentIn(timezone) ?? momentIn("UTC")!;
  const inReaders = momentIn(readers);
  const isElsewhere = inReaders !== undefined && next.some((at) => inReaders(at) !== inZone(at));
  return (
    <table class="next-dates small number">
      <thead>
        <tr>
          <th scope="col">Next, {momentIn(timezone) === undefined ? "UTC" : timezone}</th>
          {isElsewhere && <th scope="col">Where you are, {readers}</th>}
        </tr>
      </thead>
      <tbody>
        {next.map((at) => (
          <tr key={at}>
            <td>
              <time dateTime={at}>{inZone(at)}</time>
            </td>
            {isElsewhere && <td>{inReaders(at)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `Mon, 7 Dec 2026, 09:00`; undefined for a zone that the browser does not know. */
function momentIn(timeZone: string): ((at: string) => string) | undefined {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    return (at) => format.format(new Date(at));
  } catch {
    return undefined;
  }
}
