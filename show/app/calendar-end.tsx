// Where the calendar ends: schedules have no end of their own, so only some days of them are simulated.
import type { ShowData } from "../data";
import { dateOfDay, dayText } from "./dates";

export function CalendarEnd({ data }: { data: ShowData }) {
  const days = data.scheduleDays;
  if (days === undefined || !data.flows.some(({ after }) => (after?.schedules.length ?? 0) > 0)) return null;
  return (
    <p class="small soft calendar-end">
      Schedules are simulated for {days} days, to {dayText(dateOfDay(data.madeAt, days))}. What they start later is not
      shown.
    </p>
  );
}
