import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { useGrouping } from "./GroupingProvider.tsx";

/** What each colour of the map means and how many images have it. */
export function Legend() {
  const { groups } = useGrouping();
  const chosen = useWinnow((state) => (state.colourBy === "chosen" ? 0 : state.ranks.size));
  const hasImages = groups.some((group) => group.count > 0);
  if (!hasImages) return null;
  return (
    <ul className="legend" aria-label="Legend">
      {groups.map((group) => (
        <li key={group.name} className="legend-entry">
          <span className="legend-dot" style={{ background: `var(${group.colour})` }} />
          <span className="legend-name">
            <HostileText text={group.name} />
          </span>{" "}
          <span className="muted">{formatCount(group.count)}</span>
        </li>
      ))}
      {chosen > 0 && (
        <li className="legend-entry">
          <span className="legend-dot legend-ring" />
          chosen <span className="muted">{formatCount(chosen)}</span>
        </li>
      )}
    </ul>
  );
}
