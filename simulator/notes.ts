// What the simulator does not know about a run, and what an author may not expect of it: notes are data, and the tables below are their words.

/** One row for each thing that is not simulated: what it is, and what the simulator does in its place. */
const NOT_SIMULATED = {
  // Flows and steps of a newer PostHog.
  unknown_trigger: ({ type }: { type: unknown }) =>
    `a trigger of type ${JSON.stringify(type ?? null)}, which this version does not know`,
  unknown_step: ({ step, type }: { step: string; type: unknown }) =>
    `the step ${step} of type "${String(type)}", which this version does not know; it counts as failed`,
  unreadable_type: ({ step }: { step: string }) => `the step ${step}: its type is not a string`,
  unreadable_config: ({ step }: { step: string }) => `the step ${step}: its config is not an object`,
  unreadable_step: ({ step, path }: { step: string; path: string }) =>
    `the step ${step}: ${path} has a value of a kind that this version does not know`,
  unreadable_setting: ({ path }: { path: string }) => `${path}: its value is of a kind that this version does not know`,
  unknown_exit_condition: ({ condition }: { condition: unknown }) =>
    `the exit condition ${JSON.stringify(condition)}, which this version does not know`,
  // Starts.
  trigger_inputs: () =>
    "the inputs of the trigger: the event is taken as if they had produced it; give a `request` to test them",
  warehouse_event_name: () => "the name of a warehouse row's event; `$warehouse_source_row` is used",
  batch_accounts: () =>
    "which accounts a batch audience has beyond its properties; every group of the scenario counts as an account",
  duplicate_delivery: ({ uuid }: { uuid: string }) =>
    `whether an event that is delivered twice (uuid ${uuid}) starts one run or two; it starts two here`,
  refused_masking_hash: ({ error }: { error: string }) =>
    `a masking hash that PostHog refuses (${error}); it masks nobody`,
  // Filters.
  test_accounts: () =>
    "the project's test-account filters: give them in `testAccounts`; nobody counts as a test account",
  test_account_cohorts: () =>
    "cohorts among the test-account filters: PostHog expands them to their properties; give those in `testAccounts`",
  action: ({ id }: { id: unknown }) =>
    `the PostHog action ${String(id)}: give it in \`actions\`; it counts as not matched`,
  property_type: ({ type, key }: { type: string; key: unknown }) =>
    `filters on \`${type}\` (${String(key)}); they count as not matched`,
  operator: ({ operator }: { operator: string }) => `the operator \`${operator}\`; it counts as not matched`,
  element: ({ element }: { element: string }) => `\`${element}\` in a filter; it counts as not matched`,
  cohorts: () => "memberships of cohorts: give them in `cohorts`; the person counts as in none",
  text_of_structure: () => "the text form of a list or map in a filter",
  saved_at: ({ date }: { date: unknown }) =>
    `the day on which "${String(date)}" was resolved: give \`savedAt\`; the start of the simulation is used`,
  relative_date: ({ date }: { date: string }) => `the relative date "${date}" in a filter; it matches nothing`,
  version_form: () => "how a version that is missing or not of the form 1.2.3 compares",
  list_of_one: ({ operator }: { operator: string }) => `\`${operator}\` with a list of one value of another type`,
  // Steps.
  captured_event: ({ event }: { event: string }) =>
    `\`${event}\`, which PostHog captures itself: add it to \`events\`; otherwise none arrives`,
  step_result: ({ step }: { step: string }) =>
    `the result that ${step} writes to its output variable; nothing is stored`,
  failed_step_result: ({ step }: { step: string }) =>
    `whether ${step}, which fails, stores its answer in its output variable; nothing is stored`,
  program: ({ step, template, stores }: { step: string; template: string; stores: boolean }) =>
    `what \`${template}\` sends and returns (${step}): its inputs are rendered, its program does not run${stores ? "; the output variable takes the stubbed answer" : ""}`,
  edit_sweep: () => "whether and when PostHog rechecks waiting runs after an edit of timing: `sweep` sets it",
  spaced_date: () => "a date with a space before its time in delay_until; it is read as ISO",
  window_times: ({ step, times }: { step: string; times: unknown }) =>
    `the times ${JSON.stringify(times)} of ${step}; they count as "any"`,
  sticky_assignment: ({ step }: { step: string }) => `sticky assignment of ${step}; each run draws again`,
  saved_template: ({ step }: { step: string }) =>
    `the saved template that ${step} takes its body from; the body is empty`,
  sender_domain: ({ step, address }: { step: string; address: string }) =>
    `whether ${address} is on the sender's domain (${step}): give the senders' addresses in \`senders\`; for an address on another domain PostHog uses the sender's own`,
  utm_tags: ({ step }: { step: string }) => `UTM tags in the links of ${step}; links stay as written`,
  shared_address: ({ step }: { step: string }) =>
    `whether two people of a batch with the same address get one e-mail of ${step} or two; they get two here`,
  broadcast_address: () =>
    "where a broadcast leaves out the second person with the same address; their step is skipped here",
  device_tokens: () => "the person's device tokens: give `pushChannels`; every channel counts as having one",
  // Hog, Liquid and regular expressions.
  hog_text: ({ text, why }: { text: string; why?: string }) =>
    `the Hog text ${text}${why === undefined ? "" : ` (${why})`}`,
  hog_function: ({ name }: { name: string }) => `the Hog function \`${name}\``,
  hog_function_value: ({ name }: { name: string }) => `the function \`${name}\` as a value`,
  hog_range: ({ most }: { most: number }) => `\`range\` with more than ${most} numbers`,
  endless_hog: () => "a Hog text that runs for seconds",
  liquid_tag: ({ name }: { name: string }) => `the Liquid tag \`${name}\`, which PostHog disables`,
  liquid_filter: ({ name }: { name: string }) => `the Liquid filter \`${name}\`, which PostHog disables`,
  endless_liquid: () => "a Liquid text that runs for seconds or is nested very deeply",
  long_regex: ({ length, most }: { length: number; most: number }) =>
    `a regular expression of ${length} characters; at most ${most} are read`,
  slow_regex: ({ pattern, length }: { pattern: string; length: number }) =>
    `a regular expression that takes seconds for a text of ${length} characters: ${JSON.stringify(pattern.slice(0, 80))}`,
};

const WARNINGS = {
  given_variables: ({ variables }: { variables: readonly string[] }) =>
    `variables are given (${variables.join(", ")}), but in PostHog only a request, a schedule or a batch sets any`,
  clamped: ({ step, duration, longest }: { step: string; duration: string; longest: string }) =>
    `${step} says ${duration}, but PostHog waits at most ${longest}`,
  waits_for_start: ({ step, event }: { step: string; event: string }) =>
    `${step} waits for "${event}", which started the run and does not count; only a later one does`,
  waits_for_past: ({ step, event, at }: { step: string; event: string; at: string }) =>
    `${step} waits for "${event}", which came at ${at}, before the wait, and does not count`,
};

/** A row of a table with what it takes, as data. */
type RowOf<Table> = {
  [K in keyof Table]: Table[K] extends (facts: infer Facts) => string ? { kind: K } & Facts : never;
}[keyof Table];

export type NotSimulatedNote = RowOf<typeof NOT_SIMULATED>;
export type Note = NotSimulatedNote | RowOf<typeof WARNINGS>;

const textIn = (table: Readonly<Record<string, unknown>>, note: Note): string =>
  (table[note.kind] as (facts: Note) => string)(note);

export const notSimulatedText = (note: NotSimulatedNote): string => `not simulated: ${textIn(NOT_SIMULATED, note)}`;

/** The notes of a simulation, each once. */
export class Notes {
  private readonly notes = new Map<string, Note>();

  add(note: Note): void {
    this.notes.set(JSON.stringify(note), note);
  }

  /** What is not simulated. */
  unknown(): NotSimulatedNote[] {
    return [...this.notes.values()].filter((note): note is NotSimulatedNote => !isWarning(note));
  }

  /** The same in words. */
  notSimulated(): string[] {
    return this.unknown().map(notSimulatedText);
  }

  /** What an author may not expect, in words. */
  warnings(): string[] {
    return [...this.notes.values()].flatMap((note) => (isWarning(note) ? [textIn(WARNINGS, note)] : []));
  }
}

const isWarning = (note: Note): note is RowOf<typeof WARNINGS> => Object.hasOwn(WARNINGS, note.kind);
