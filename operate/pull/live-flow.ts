// A flow of PostHog as pull takes it.
import type { WireFlow, WireFlowRow } from "../../api";

/** A flow with its schedules: a detail answer, or a row of the list where those are known otherwise. */
export type LiveFlow = (WireFlow | WireFlowRow) & Pick<WireFlow, "schedules">;
