import type { ChangeEvent, ReactNode } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";

export interface ValueLineProps {
  name: string;
  /** Images that have it under the other filters. */
  count: number;
  /** The most of any value: what a full bar stands for. */
  most: number;
  checked: boolean;
  /** These are left out. */
  excluded?: boolean;
  /** A CSS custom property; absent when the map is not coloured by this. */
  colour?: `--${string}` | undefined;
  onToggle: () => void;
  /** With Alt: leave these out. */
  onExclude?: () => void;
  children?: ReactNode;
}

/** One value as a check box named “value (count)”, with a bar as long as its share. */
export function ValueLine(props: ValueLineProps) {
  const { name, count, most, checked, excluded, colour, onToggle, onExclude, children } = props;
  const change = ({ nativeEvent }: ChangeEvent) => {
    // A check box changes by a click, also when it is the space bar that clicks.
    if (onExclude && nativeEvent instanceof MouseEvent && nativeEvent.altKey) onExclude();
    else onToggle();
  };
  return (
    <div className={`value-line ${count === 0 ? "is-none" : ""} ${excluded ? "is-excluded" : ""}`}>
      {children}
      <label className="value-label" title={revealedText(name)}>
        <input
          type="checkbox"
          className="checkbox"
          aria-label={`${name} (${formatCount(count)})`}
          aria-description={excluded ? "left out" : undefined}
          checked={checked}
          onChange={change}
        />
        {colour && <span className="tag-dot" style={{ background: `var(${colour})` }} />}
        <span className="value-name">
          <HostileText text={name} />
        </span>
        <span className="value-count">{formatCount(count)}</span>
        <span className="value-bar" style={{ scale: `${most > 0 ? count / most : 0} 1` }} />
      </label>
    </div>
  );
}
