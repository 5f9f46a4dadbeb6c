// What our own values turn into where a program makes plain text of them: sentences that nobody writes, so that check finds them in any text.

/** A reference, or a text with holes, inside a plain template literal. */
export const REFERENCE_AS_TEXT = "[a reference of pulumi-hogflow was turned into text]";
/** A file inside a plain template literal. */
export const FILE_AS_TEXT = "[a file of pulumi-hogflow was turned into text]";
/** A hole of a text that turned out not to hold a text. */
export const HOLE_AS_TEXT = "[a hole of a pulumi-hogflow text held no text]";
/** What Pulumi says in place of an output. */
export const OUTPUT_AS_TEXT = "Calling [toString] on an [Output<T>] is not supported";
