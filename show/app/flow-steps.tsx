// The steps of a flow as a list in the order of running, each with what it does and where else it is shown.
import { useEffect, useRef } from "preact/hooks";
import type { FlowVersion, ShownFlow, ShownStep } from "../data";
import { CodeLocation } from "./code-location";
import { FateChip, FindingChips, OutLink } from "./parts";
import { hrefOf } from "./routes";

interface Props {
  flow: ShownFlow;
  version: FlowVersion;
  /** Id of the step that the address names: the page shows it. */
  current?: string;
}

export function FlowSteps({ flow, version, current }: Props) {
  // What the change removes is on the side before alone.
  const removed = (flow.after === undefined ? [] : (flow.before?.steps ?? [])).filter(({ mark }) => mark === "removed");
  return (
    <>
      <ol class="steps plain">
        {version.steps.map((step, i) => (
          <Step
            key={step.id}
            flow={flow}
            version={version}
            step={step}
            number={i + 1}
            isCurrent={step.id === current}
          />
        ))}
      </ol>
      {removed.length > 0 && (
        <>
          <h3 class="steps-removed">Removed</h3>
          <ul class="steps plain">
            {removed.map((step) => (
              <Step key={step.id} flow={flow} version={version} step={step} isCurrent={step.id === current} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Step(props: Omit<Props, "current"> & { step: ShownStep; number?: number; isCurrent: boolean }) {
  const { flow, version, step, number, isCurrent } = props;
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isCurrent) return;
    item.current!.scrollIntoView({ block: "center", behavior: "instant" });
    item.current!.focus({ preventScroll: true });
  }, [isCurrent]);
  const findings = version.findings.filter((finding) => finding.step === step.id);
  return (
    <li ref={item} class="step" tabIndex={isCurrent ? -1 : undefined} aria-current={isCurrent ? "true" : undefined}>
      <span class="step-number number soft">{number}</span>
      <div class="step-words">
        <h3>
          <a href={hrefOf({ section: "flows", flow: flow.name, step: step.id })}>{step.title}</a>
        </h3>
        {(step.does !== undefined || step.kind.toLowerCase() !== step.title.toLowerCase()) && (
          <p>
            <span class="step-kind">{step.kind}</span>
            {step.does !== undefined && (
              <>
                {": "}
                <bdi>{step.does}</bdi>
              </>
            )}
          </p>
        )}
        <p class="chips">
          {step.mark !== undefined && <FateChip fate={step.mark} />}
          <FindingChips findings={findings} />
        </p>
      </div>
      <p class="step-links small">
        {step.sends && (
          <a href={hrefOf({ section: "messages", flow: flow.name, step: step.id })}>
            Message<span class="hidden"> of {step.title}</span>
          </a>
        )}
        {step.url !== undefined && (
          <OutLink url={step.url}>
            PostHog<span class="hidden">: {step.title}</span>
          </OutLink>
        )}
        {step.location !== undefined && <CodeLocation location={step.location} />}
      </p>
    </li>
  );
}
