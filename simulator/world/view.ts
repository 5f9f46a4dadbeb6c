// What one wake sees: person and groups are read once, at its beginning; only a wait reads the person again (run time §2.1, §2.2, §5.3).
import type { FilterGlobals, KnownGroup, KnownPerson } from "../filters/globals";
import { cohortsOf, groupsOf, isMap } from "./people";
import type { RunState, World } from "./state";

const FIVE_MINUTES = 300_000;

export class View {
  person: KnownPerson | undefined;
  readonly groups: readonly KnownGroup[];
  constructor(
    private readonly world: World,
    private readonly run: RunState,
    /** The step's own time is up: virtual time is exactly there, while PostHog's worker comes a little later. Holds for the first step of a wake. */
    public timeIsUp: boolean,
  ) {
    this.groups = groupsOf(world, run);
    this.person = this.loaded(true);
    if (this.person) {
      run.personId = this.person.id;
      if (run.event.distinctId === "") run.event = { ...run.event, distinctId: this.person.distinctId };
      run.result.person ??= this.person.distinctId;
    }
  }

  /** By the trigger event's distinct id, else by the stored id; the event's own `$set` lies over it for five minutes. */
  private loaded(overlay: boolean): KnownPerson | undefined {
    const { world, run } = this;
    if (run.personless) return undefined;
    const found =
      run.event.distinctId === ""
        ? world.people.withId(run.personId)
        : (world.people.of(run.event.distinctId) ?? world.people.withId(run.personId));
    const set = run.event.properties["$set"];
    if (
      !found ||
      !overlay ||
      world.live.model.trigger.type !== "event" ||
      !isMap(set) ||
      Math.abs(world.now - Date.parse(run.event.timestamp)) > FIVE_MINUTES
    )
      return found;
    return { ...found, properties: { ...found.properties, ...set } };
  }

  /** Loads the person afresh, without the event's `$set`. An empty answer keeps the earlier one. */
  reread(): void {
    this.person = this.loaded(false) ?? this.person;
  }

  /** What filters see, with what earlier steps of this wake wrote into variables. */
  globals(): FilterGlobals {
    const { world, run, person } = this;
    return {
      event: run.event,
      person,
      groups: this.groups,
      variables: run.variables,
      cohorts: person ? cohortsOf(person) : undefined,
      now: world.now,
      internal: world.live.model.trigger.type === "internal-event",
    };
  }
}
