// Where the browser suite leaves its pictures, for people to look at. Git ignores the folder.
import path from "node:path";

export const SCREENSHOTS = path.resolve(import.meta.dirname, "../../.screenshots");
