// What somebody changed in PostHog, and what the next update does with it.
export function Drift({ drift, isEdited = false }: { drift: readonly string[]; isEdited?: boolean }) {
  return (
    <section aria-labelledby="drift-heading">
      <h2 id="drift-heading">{isEdited ? "Edited in PostHog" : "Compared with PostHog"}</h2>
      {drift.length === 0 ? (
        <p class="soft">Nobody has changed it since the last update.</p>
      ) : (
        <ul>
          {drift.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {isEdited && <UpdateNote />}
    </section>
  );
}

/** What happens to edits: the provider's rule. */
export const UpdateNote = () => (
  <p class="small soft update-note">
    <code>pulumi up</code> never overwrites a live edit: it stops before it changes the flow.{" "}
    <code>pulumi up --refresh</code> restores the program’s version. <code>hogflow drift --accept</code> prints the code
    that keeps the edit.
  </p>
);
