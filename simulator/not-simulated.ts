// What the simulator says where it would have to guess: the reference of PostHog's behaviour is silent, or the text is beyond what is read here.

/** Thrown where PostHog's behaviour is not known, or not covered. The message begins with "not simulated: ". It ends a run, and stands in the result. */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";

  constructor(what: string) {
    super(`not simulated: ${what}`);
  }
}
