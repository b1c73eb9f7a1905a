import { useEffect, useState } from "react";
import type { ExifFact } from "../../state/actions.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useActions } from "../winnow.tsx";

/** An image that stays this long is read; a held arrow key passes many. */
const settleMs = 150;

/** What the camera wrote into the file; nothing while the original cannot be read. */
export function ExifFacts({ row }: { row: number }) {
  const actions = useActions();
  const [read, setRead] = useState<{ row: number; facts: ExifFact[] }>({ row: -1, facts: [] });
  useEffect(() => {
    let left = false;
    const timer = setTimeout(() => {
      actions.exif(row).then(
        (facts) => !left && setRead({ row, facts }),
        // Where the file cannot be read, the large view says so and what to do.
        () => undefined,
      );
    }, settleMs);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [actions, row]);
  if (read.row !== row) return null;
  return read.facts.map(({ name, value }) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>
        <HostileText text={value} />
      </dd>
    </div>
  ));
}
