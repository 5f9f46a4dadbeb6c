// What the SDK offers to the rest of this package and not to programs: the conversion that a HogFlow makes of its arguments. `pull` proves with it that
// the program it writes makes the live flow, and `pulumi-hogflow/testing` reads with it what a test gives.
export { convert } from "./convert";
