// How large the text of a drawing is, in CSS pixels: the layout makes room for it, and the page draws it so.
export const TITLE = { size: 14, line: 18 };
export const BELOW = { size: 12, line: 16 };
export const LABEL = { size: 12, line: 15 };

/** Between the border of a node and its text. */
export const PADDING = { x: 14, y: 10 };
/** Between the title and what stands below it. */
export const GAP = 3;
