// What a served page says when it cannot follow the program: why, and that it is older than the program.
import { timeText } from "./dates";
import type { Following } from "./live";

export function LiveBanner({ following: { trouble, isLost }, madeAt }: { following: Following; madeAt: string }) {
  if (trouble === undefined && !isLost) return null;
  return (
    <section class="live" role="status" aria-label="The page is not up to date">
      <p>
        <strong>{isLost ? "The server is gone." : "The program has errors."}</strong> This page shows it as it was at{" "}
        {timeText(madeAt)} UTC. {isLost ? "Run hogflow show --serve again." : trouble!.what}
      </p>
      {!isLost && trouble!.findings.length > 0 && (
        <ul>
          {trouble!.findings.map(({ path, what, why, fix, location, severity }, i) => (
            <li key={i}>
              <strong>{severity}:</strong> {path !== "" && <code>{path}</code>} <bdi>{what}</bdi>{" "}
              {location !== undefined && (
                <span class="small">
                  {location.file}:{location.line}
                </span>
              )}
              {why !== undefined && <p class="small">{why}</p>}
              {fix !== undefined && <p class="small">Fix: {fix}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
