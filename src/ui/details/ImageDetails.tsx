import { Check, Copy, ScanSearch } from "lucide-react";
import { useMemo, useState } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { InstanceLayer } from "../labels/InstanceLayer.tsx";
import { LabelEditor } from "../labels/LabelEditor.tsx";
import { SaidFacts } from "../labels/SaidFacts.tsx";
import { ObjectList } from "../objects/ObjectList.tsx";
import { whyPicked } from "../selecting/coverage.ts";
import { PathText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { ExifFacts } from "./ExifFacts.tsx";
import { FoundFacts } from "./FoundFacts.tsx";
import { imageFacts } from "./imageFacts.ts";
import { NeighbourStrip } from "./NeighbourStrip.tsx";

/** Everything about one image. The thumbnail is left out beside the image itself. */
export function ImageDetails({ row, withThumbnail = true }: { row: number; withThumbnail?: boolean }) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const shown = useWinnow((state) => state.shown);
  const ranks = useWinnow((state) => state.ranks);
  const isMissing = useWinnow((state) => state.missing.has(row));
  const rows = useMemo(() => Uint32Array.of(row), [row]);
  const record = images.at(row);
  const rank = ranks.get(row) ?? 0;

  return (
    <div className={withThumbnail ? "details" : "details details-plain"}>
      {withThumbnail && (
        <button
          type="button"
          className="details-thumbnail"
          aria-label="Look closer"
          onClick={() => {
            actions.focus(row);
            actions.enlarge(true);
          }}
        >
          <Thumbnail row={row} className="details-image" />
          <InstanceLayer row={row} fit="cover" />
        </button>
      )}
      <div className="details-text">
        <p className="details-path">
          <PathText path={record.path} />
        </p>
        <button
          type="button"
          className="button details-similar"
          onClick={() => {
            actions.enlarge(false);
            actions.findSimilar({ positives: [row], negatives: [], outside: null });
          }}
        >
          <ScanSearch size={15} aria-hidden="true" />
          Find similar <kbd>S</kbd>
        </button>
        <LabelEditor rows={rows} />
        <dl className="facts">
          {imageFacts(record).map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
          {isMissing && (
            <div>
              <dt>File</dt>
              <dd>missing: not in its folder when that was last looked for</dd>
            </div>
          )}
          <ExifFacts row={row} />
          <SaidFacts row={row} />
          <FoundFacts row={row} />
          <div>
            <dt>SHA-256</dt>
            <dd className="hash">
              <span className="hash-text" title={record.sha256}>
                {record.sha256}
              </span>
              <CopyButton text={record.sha256} />
            </dd>
          </div>
        </dl>
      </div>
      {shown && rank > 0 && (
        <p className="why">
          <span className="pick-badge pick-badge-inline">{formatCount(rank)}</span>
          <span>
            Pick {formatCount(rank)} of {formatCount(shown.rows.length)}: {whyPicked(shown, ranks, rank)}.
          </span>
        </p>
      )}
      <ObjectList row={row} />
      <NeighbourStrip row={row} />
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? "Copied" : "Copy SHA-256"}
      onBlur={() => setCopied(false)}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
      }}
    >
      {copied ? <Check size={14} /> : <Copy size={14} />}
    </IconButton>
  );
}
