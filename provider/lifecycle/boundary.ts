// Where values leave the lifecycle for the engine: secrets are marked again wherever they reappear, and errors carry neither a stack nor a
// secret (design L13, PDP §3). Both resources go through here.
import { protect, redact, secretValues } from "../canonical/secrets";
import type { Dict } from "../canonical/values";
import { PartialError, plainError, textOf } from "./errors";
import { secretPathsOf } from "./flow-state";

/** The plain secret values of some property maps, by their own secret paths. */
export class Secrets {
  private readonly paths: string[];
  private readonly values: Set<unknown>;

  constructor(maps: readonly Dict[]) {
    this.paths = [...new Set(maps.flatMap(secretPathsOf))];
    this.values = new Set(maps.flatMap((map) => [...secretValues(map, this.paths)]));
  }

  mark(properties: Dict): Dict {
    return protect(properties, this.paths, this.values);
  }

  hide(text: string): string {
    return redact(text, this.values);
  }
}

/** Runs an operation; whatever it throws is told without stack and secrets, and keeps what a partial success has made. */
export async function guarded<T>(secrets: Secrets, operation: () => Promise<T> | T): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof PartialError) throw new PartialError(error.id, secrets.mark(error.properties), secrets.hide(error.reasons.join("\n")));
    throw plainError(secrets.hide(textOf(error)));
  }
}
