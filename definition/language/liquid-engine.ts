// The Liquid engine, as PostHog's worker sets it up: liquidjs with its standard tags and filters, less the ones that PostHog switches off (run time §6.2).
import type { Liquid, Template } from "liquidjs";
import { table } from "../schema/table";

/** Longest source of one text, in characters (run time §6.2). */
export const MAX_LIQUID_SOURCE = 100_000;
/** Longest rendered text, in characters (run time §6.2). */
export const MAX_LIQUID_OUTPUT = 1_000_000;

/** Tags that PostHog does not offer: there are no other templates to include. */
export const DISABLED_TAGS: ReadonlySet<string> = new Set(["include", "render", "layout", "block"]);

/** Filters that PostHog does not offer, with the one to use instead. */
export const DISABLED_FILTERS = table({
  where_exp: "where",
  find_exp: "find",
  find_index_exp: "find_index",
  reject_exp: "reject",
  group_by_exp: "group_by",
});

let loaded: Liquid | undefined;

/** The engine; loaded at the first text that has a tag, because most programs of other resources in the same process have none. */
export function liquidEngine(): Liquid {
  if (!loaded) {
    // A require in place, because the load has to be both late and synchronous.
    const { Liquid: Engine } = require("liquidjs") as typeof import("liquidjs");
    loaded = new Engine({ outputEscape: "escape" });
  }
  return loaded;
}

/** Names of filters and tags that liquidjs looked up while it parsed, in the order of the text. */
interface Used {
  filters: string[];
  tags: string[];
}

export interface WatchedParse {
  templates?: Template[];
  errors: unknown[];
  used: Used;
}

let used: Used = { filters: [], tags: [] };
let watched: { parse(text: string): Template[] } | undefined;

/** Parses a text, collecting all errors and the names of all filters and tags, known or not. Never throws. */
export function parseWatched(text: string): WatchedParse {
  used = { filters: [], tags: [] };
  try {
    watched ??= watchedParser();
    return { templates: watched.parse(text), errors: [], used };
  } catch (error) {
    const several = (error as { errors?: unknown[] }).errors;
    return { errors: Array.isArray(several) ? several : [error], used };
  }
}

function watchedParser(): { parse(text: string): Template[] } {
  const { Liquid: Engine, Parser } = require("liquidjs") as typeof import("liquidjs");
  const engine = new Engine({ outputEscape: "escape", catchAllErrors: true });
  const watch = <T extends object>(members: T, names: () => string[]): T =>
    new Proxy(members, {
      get: (target, name) => {
        if (typeof name === "string") names().push(name);
        return Reflect.get(target, name) as unknown;
      },
    });
  return new Parser(
    Object.create(engine, {
      filters: { value: watch(engine.filters, () => used.filters) },
      tags: { value: watch(engine.tags, () => used.tags) },
    }) as Liquid,
  );
}
