// What is thrown where the simulator would have to guess: PostHog's behaviour is not known there, or not covered.
import { notSimulatedText, type NotSimulatedNote } from "./notes";

/** It ends a run, and the result names it. */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";

  constructor(readonly note: NotSimulatedNote) {
    super(notSimulatedText(note));
  }
}
