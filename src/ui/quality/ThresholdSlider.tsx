import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import type { SliderRange } from "./checkTexts.ts";

interface ThresholdSliderProps {
  range: SliderRange;
  /** The accessible name. */
  label: string;
  /** The one in force. */
  value: number;
  /** Where it stands unless it is moved. */
  usual: number;
  /** Called while it is dragged. */
  onMove: (value: number) => void;
  /** Called when it is let go; null puts it back at its default. */
  onSet: (value: number | null) => void;
}

/** A threshold that can be dragged, with its number and the way back to its default. */
export function ThresholdSlider({
  range: { least, most, step },
  label,
  value,
  usual,
  onMove,
  onSet,
}: ThresholdSliderProps) {
  const [moving, setMoving] = useState<number | null>(null);
  const shown = moving ?? value;
  const letGo = () => {
    if (moving === null) return;
    setMoving(null);
    onSet(moving);
  };
  return (
    <div className="threshold">
      <input
        type="range"
        className="range threshold-range"
        aria-label={label}
        min={least}
        max={most}
        step={step}
        value={shown}
        onChange={(event) => {
          const to = Number(event.target.value);
          setMoving(to);
          onMove(to);
        }}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
      />
      <span className="threshold-number">{shown.toFixed(3)}</span>
      <IconButton
        label="Back to the default"
        detail={usual.toFixed(3)}
        disabled={value === usual && moving === null}
        onClick={() => {
          setMoving(null);
          onSet(null);
        }}
      >
        <RotateCcw size={14} />
      </IconButton>
    </div>
  );
}
