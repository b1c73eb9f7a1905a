import { X } from "lucide-react";
import type { ConfigDraft } from "../../core/selection/draft.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";

interface OtherRulesProps {
  rest: ConfigDraft["rest"];
  onChange: (rest: ConfigDraft["rest"]) => void;
}

/** What a configuration says beside its strategies; it is written as JSON and seen, and taken away, here. */
export function OtherRules({ rest, onChange }: OtherRulesProps) {
  const rules = [
    { key: "pathExpression", text: rest.pathExpression && `Only paths that match ${rest.pathExpression}` },
    {
      key: "selectedSequenceLength",
      text: (rest.selectedSequenceLength ?? 1) > 1 && `${rest.selectedSequenceLength} consecutive frames as one`,
    },
    {
      key: "combination",
      text: rest.combination === "cumulative" && "Strategies combined as LightlyStudio does, by sums over the set",
    },
  ] as const;
  const set = rules.filter(({ text }) => text);
  if (set.length === 0) return null;
  return (
    <ul className="other-rules" aria-label="Other rules">
      {set.map(({ key, text }) => (
        <li key={key} className="other-rule">
          <span>
            <HostileText text={String(text)} />
          </span>
          <IconButton
            label="Remove this rule"
            detail={String(text)}
            onClick={() => {
              const { [key]: _gone, ...kept } = rest;
              onChange(kept);
            }}
          >
            <X size={14} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
