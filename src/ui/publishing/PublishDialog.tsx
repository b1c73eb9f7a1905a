import { type ReactNode, useEffect, useState } from "react";
import {
  type PublicationChoice,
  type PublishedOriginals,
  seemsPosition,
} from "../../core/publication/publicationParts.ts";
import type { PublicationSizes } from "../../state/actions.ts";
import { Panel } from "../controls/Panel.tsx";
import { Picker } from "../controls/Picker.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatBytes } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import "./publishing.css";

interface PublishDialogProps {
  onClose: () => void;
}

/** Everything that would be published, each part with a box to leave it out; nothing is written before *Publish*. */
export function PublishDialog({ onClose }: PublishDialogProps) {
  const actions = useActions();
  const total = useWinnow((state) => state.images.length);
  const order = useWinnow((state) => state.order);
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const tags = useWinnow((state) => state.tags.size);
  const sets = useWinnow((state) => state.annotations.length);
  const selections = useWinnow((state) => state.selections.length);
  const metadata = useWinnow((state) => state.metadata);
  const [onlyShown, setOnlyShown] = useState(isFiltered);
  const [choice, setChoice] = useState<PublicationChoice>(() => ({
    paths: true,
    times: false,
    tags: true,
    annotations: true,
    selections: true,
    embedding: true,
    originals: "none",
    metadata: metadata.map(({ key }) => key).filter((key) => !seemsPosition(key)),
  }));
  const [sizes, setSizes] = useState<PublicationSizes | null>(null);
  useEffect(() => {
    void actions.publicationSizes().then(setSizes);
  }, [actions]);
  const change = (part: Partial<PublicationChoice>) => setChoice((now) => ({ ...now, ...part }));
  const count = onlyShown ? order.length : total;
  const share = total > 0 ? count / total : 0;
  const bytes = sizes && {
    thumbnails: sizes.thumbnails * share,
    embedding: sizes.embedding * share,
    all:
      sizes.app +
      (sizes.thumbnails + (choice.embedding ? sizes.embedding : 0) + (choice.originals === "files" ? sizes.files : 0)) *
        share,
  };
  const publish = (as: "folder" | "zip") => {
    actions.publish(choice, onlyShown ? "shown" : "all", as);
    onClose();
  };
  return (
    <Panel
      open
      onOpenChange={(open) => !open && onClose()}
      wide
      title="Publish"
      foot={
        <>
          <button type="button" className="button" disabled={count === 0 || !sizes} onClick={() => publish("zip")}>
            Publish as a zip
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={count === 0 || !sizes}
            onClick={() => publish("folder")}
          >
            Publish
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a small screen */}
      <div className="dialog-body publish-body" tabIndex={0}>
        <p>
          A site with {countOf(count, "image")} for any static host: this page with a copy of the project that everybody
          who has its address can look at. Nothing is sent now; you put it where you want.
        </p>
        {isFiltered && (
          <Part checked={onlyShown} onChange={setOnlyShown} note="What the filters leave out is not in it">
            Only the {countOf(order.length, "image")} shown
          </Part>
        )}
        <h3 className="publish-heading">What is in it</h3>
        <p className="muted">
          Always: thumbnails{bytes && ` (${formatBytes(bytes.thumbnails)})`}, sizes in pixels and bytes, SHA-256 of the
          files, measures of the pixels. None of it holds positions (GPS) or what else cameras wrote into the files.
        </p>
        <Picker<PublishedOriginals>
          boxed
          label="Large view shows"
          value={choice.originals}
          options={originalsOptions}
          onPick={(originals) => change({ originals })}
        />
        <p className="muted">{originalsNotes[choice.originals]}</p>
        <Part
          checked={choice.paths}
          onChange={(paths) => change({ paths })}
          note="Folders and file names; otherwise image-00001.jpg and so on"
        >
          Paths
        </Part>
        <Part checked={choice.times} onChange={(times) => change({ times })} note="Capture time and time of the file">
          Dates
        </Part>
        <Part
          checked={choice.embedding}
          onChange={(embedding) => change({ embedding })}
          note="For the map, similar images and selections"
        >
          Embeddings{bytes && bytes.embedding > 0 && ` (${formatBytes(bytes.embedding)})`}
        </Part>
        {tags > 0 && (
          <Part checked={choice.tags} onChange={(own) => change({ tags: own })} note={countOf(tags, "tag")}>
            Tags
          </Part>
        )}
        {sets > 0 && (
          <Part
            checked={choice.annotations}
            onChange={(annotations) => change({ annotations })}
            note={countOf(sets, "set")}
          >
            Labels and predictions
          </Part>
        )}
        {selections > 0 && (
          <Part
            checked={choice.selections && !onlyShown}
            disabled={onlyShown}
            onChange={(own) => change({ selections: own })}
            note={onlyShown ? "Only with all images" : countOf(selections, "selection")}
          >
            Selections
          </Part>
        )}
        {metadata.length > 0 && <h3 className="publish-heading">Metadata</h3>}
        {metadata.map(({ key }) => (
          <Part
            key={key}
            checked={choice.metadata.includes(key)}
            onChange={(taken) =>
              change({
                metadata: taken ? [...choice.metadata, key] : choice.metadata.filter((other) => other !== key),
              })
            }
            note={seemsPosition(key) ? "Seems to say where something is" : ""}
          >
            <HostileText text={key} />
          </Part>
        ))}
        <p role="status" aria-label="Size of the site">
          {bytes
            ? `${formatBytes(bytes.all)} in all, ${formatBytes(sizes?.app ?? 0)} of it the page itself.`
            : "Sizes are looked up."}
        </p>
      </div>
    </Panel>
  );
}

const originalsOptions = [
  { value: "none", text: "thumbnails" },
  { value: "pictures", text: "pictures of up to 2,048 pixels" },
  { value: "files", text: "the files themselves" },
] as const;

const originalsNotes: Readonly<Record<PublishedOriginals, string>> = {
  none: "Nobody sees more than the thumbnails, at most 192 pixels.",
  pictures:
    "JPEGs made of the originals, without positions and all else that cameras wrote. They are not in the size below.",
  files: "Byte for byte, with everything that cameras wrote into them: positions (GPS), dates, names.",
};

interface PartProps {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  note: string;
  children: ReactNode;
}

function Part({ checked, disabled = false, onChange, note, children }: PartProps) {
  return (
    <label className="check-line publish-part">
      <input
        type="checkbox"
        className="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
      {note !== "" && <span className="muted publish-note">{note}</span>}
    </label>
  );
}
