// The calls of a resource's life-cycle, as an engine makes them, and what each gives back.
import type { Dict } from "../definition/canonical/values";
import type { CheckFailure, Reported } from "../rules/findings";

export interface Checked {
  inputs: Dict;
  failures: CheckFailure[];
  /** The findings as data: what failures and warnings say in words, without what only a live flow shows. */
  findings: Reported[];
  /** To be shown as warnings, once secrets are taken out. */
  warnings: string[];
}

interface Created {
  id: string;
  outs: Dict;
}

/** An empty id says that the resource is gone. */
interface Read {
  id: string;
  props?: Dict;
  inputs?: Dict;
  /** The inputs are those of the state. */
  isKnown?: boolean;
}

/** `changes` left out leaves the comparison to the engine (design L19). */
export interface Diff {
  changes?: boolean;
  /** Why there are changes where the inputs show none: paths in the outputs. */
  causes?: string[];
  replaces?: string[];
  deleteBeforeReplace?: boolean;
}

/** What an engine calls for one kind of resource. */
export interface Lifecycle {
  check(olds: Dict, news: Dict): Promise<Omit<Checked, "warnings">>;
  diff(id: string, olds: Dict, news: Dict): Promise<Diff>;
  create(inputs: Dict): Promise<Created>;
  read(id: string, props: Dict): Promise<Read>;
  update(id: string, olds: Dict, news: Dict): Promise<{ outs: Dict }>;
  delete(id: string, props: Dict): Promise<void>;
}
