// What the adapter to dynamic providers takes of everything else. In the package, this one file holds it all but zod (tools/build.mjs): a provider process starts with each
// command, and would spend more time on finding and reading two hundred files than on what is in them.
export { isDict, type Dict } from "../definition/canonical/values";
export { SETTING_NAMES } from "../definition/setting-names";
export type { Lifecycle } from "./calls";
export { engineFailure, engineText } from "./errors";
export { flowLifecycle } from "./flow/lifecycle";
export { scheduleLifecycle } from "./schedule/lifecycle";
export { Session } from "./session";
export { UnderWay } from "./under-way";
