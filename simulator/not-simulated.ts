// What the simulator says where it would have to guess: the reference of PostHog's behaviour is silent, or the text is beyond what is read here.

/**
 * Thrown where PostHog's behaviour is not known, or not covered. The message begins with "not simulated: ".
 *
 * @example
 * try {
 *   simulate(flow, { trigger: "user signed up" });
 * } catch (error) {
 *   if (error instanceof NotSimulated) console.log(error.message); // not simulated: the Hog function `fetch`
 * }
 */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";

  constructor(what: string) {
    super(`not simulated: ${what}`);
  }
}
