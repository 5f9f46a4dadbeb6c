// Where values leave the lifecycle for the engine: secrets are marked again wherever they reappear, and errors carry neither a stack nor a
// secret (design L13, PDP §3). Both resources go through here.
import { formatPath, parsePath } from "../definition/canonical/paths";
import { protect, redact, secretPathsOf, secretValues } from "../definition/canonical/secrets";
import { isDict, own, type Dict } from "../definition/canonical/values";
import { engineText, PartialError, plainError, errorText } from "./errors";

/** What a definition holds by key, and people rename. */
const KEYED: ReadonlySet<string | number> = new Set(["actions", "variables"]);

/** The plain secret values of some property maps, by their own secret paths. */
export class Secrets {
  private readonly paths: string[];
  private readonly values: Set<unknown>;
  /** Paths of the steps and variables that we know. */
  private readonly known: Set<string>;

  constructor(maps: readonly Dict[]) {
    this.paths = [...new Set(maps.flatMap(secretPathsOf))];
    this.values = new Set(maps.flatMap((map) => [...secretValues(map, this.paths)]));
    // Most flows have no secret, and then nobody asks.
    this.known = new Set(
      this.paths.length === 0
        ? []
        : maps.flatMap((map) =>
            [...KEYED].flatMap((top) =>
              Object.keys(isDict(map[top]) ? map[top] : {}).map((id) => formatPath([top, id])),
            ),
          ),
    );
  }

  mark(properties: Dict): Dict {
    return protect(properties, [...this.paths, ...this.pathsElsewhere(properties)], this.values);
  }

  /**
   * Where the secrets of a step or variable may be once it was renamed in the editor, also with a value that nobody here has seen: in those that we
   * do not know, and in all of them when their own is gone.
   */
  private pathsElsewhere(properties: Dict): string[] {
    return this.paths.flatMap((text) => {
      const [top, id, ...rest] = parsePath(text) ?? [];
      const members = properties[String(top)];
      if (top === undefined || !KEYED.has(top) || !isDict(members)) return [];
      const isGone = own(members, String(id)) === undefined;
      return Object.keys(members)
        .filter((other) => isGone || !this.known.has(formatPath([top, other])))
        .map((other) => formatPath([top, other, ...rest]));
    });
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
    if (error instanceof PartialError)
      throw new PartialError(
        error.id,
        secrets.mark(error.properties),
        engineText(secrets.hide(error.reasons.join("\n"))),
      );
    throw plainError(engineText(secrets.hide(errorText(error))));
  }
}
