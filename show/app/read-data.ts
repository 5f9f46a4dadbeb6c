// The data that the page came with: fifty flows with all their e-mails are a file that can be attached anywhere.
import type { ShowData } from "../data";
import { dataIn } from "./unpack";

export const readData = (): Promise<ShowData> => dataIn(document.getElementById("data")!.textContent);
