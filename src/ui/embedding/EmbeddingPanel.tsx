import { type FormEvent, useState } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import type { HeadMethod, HeadSettings } from "../../core/linalg/head.ts";
import { viewsJob } from "../../state/augmenting.ts";
import type { Job } from "../../state/state.ts";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { DraftNote } from "./DraftNote.tsx";
import { HeadReportTable } from "./HeadReportTable.tsx";
import "./embedding.css";

const methods = [
  { value: "head", text: "learned head" },
  { value: "pca", text: "PCA" },
  { value: "raw", text: "raw features" },
] as const satisfies readonly { value: HeadMethod; text: string }[];
const dims = ["32", "64", "96", "128"].map((value) => ({ value, text: value }));
const passes = ["1", "2", "3"].map((value) => ({ value, text: value }));

/** Of how many images views can be made: more than the last do not make it better. */
const viewChoices = [256, 1_024, 4_096];

/** The choices for a project of so many images, with the one that is in use. */
function viewOptions(images: number, present: number) {
  const counts = new Set(
    [...viewChoices.map((count) => Math.min(count, images)), present].filter((count) => count > 0),
  );
  const sorted = [...counts].sort((a, b) => a - b);
  return [
    { value: "0", text: "none" },
    ...sorted.map((count) => ({ value: String(count), text: `of ${countOf(count, "image")}` })),
  ];
}

/** Which of the project's embeddings is looked at; nothing while there is only one. */
function SpacePicker() {
  const { switchSpace } = useActions();
  const spaces = useWinnow((state) => state.spaces);
  const space = useWinnow((state) => state.space);
  const ownName = useWinnow((state) => state.ownSpaceName);
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  if (spaces.length === 0) return null;
  const options = [
    { value: "", text: revealedText(ownName) },
    ...spaces.map(({ id, name, rows }) => ({ value: id, text: revealedText(name), disabled: rows < images })),
  ];
  return (
    <div className="embedding-form">
      <Picker<string> boxed label="Model" value={space} options={options} onPick={switchSpace} />
    </div>
  );
}

const isFitting = ({ name, status }: Job): boolean =>
  ["Adapting", viewsJob].includes(name) && (status === "running" || status === "paused");

/** How features become embeddings, and how good the present embedding is. */
export function EmbeddingPanel() {
  const { refit } = useActions();
  const present = useWinnow((state) => state.head.settings);
  const fitted = useWinnow((state) => state.head.fitted);
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const busy = useWinnow((state) => state.jobs.some(isFitting));
  const [changed, setChanged] = useState<Partial<HeadSettings>>({});
  const wanted = { ...present, ...changed };
  const same = (Object.keys(changed) as (keyof HeadSettings)[]).every(
    (key) => (changed[key] ?? 0) === (present[key] ?? 0),
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    refit(wanted);
    setChanged({});
  };

  return (
    <section aria-label="Embedding" className="embedding-panel">
      <SpacePicker />
      <DraftNote />
      <form className="embedding-form" onSubmit={submit}>
        <Picker<HeadMethod>
          boxed
          label="Method"
          value={wanted.method}
          options={methods}
          onPick={(method) => setChanged({ ...changed, method })}
        />
        {wanted.method !== "raw" && (
          <Picker<string>
            boxed
            label="Numbers"
            value={String(wanted.dim)}
            options={dims}
            onPick={(dim) => setChanged({ ...changed, dim: Number(dim) })}
          />
        )}
        {wanted.method === "head" && (
          <Picker<string>
            boxed
            label="Passes"
            value={String(wanted.passes)}
            options={passes}
            onPick={(count) => setChanged({ ...changed, passes: Number(count) })}
          />
        )}
        {wanted.method === "head" && (
          <Picker<string>
            boxed
            label="Augmented views"
            value={String(wanted.augmented ?? 0)}
            options={viewOptions(images, present.augmented ?? 0)}
            onPick={(count) => setChanged({ ...changed, augmented: Number(count) })}
          />
        )}
        <span className="spacer" />
        <button type="submit" className="button button-primary" disabled={busy || fitted === null || same}>
          {busy ? "Fitting…" : "Fit"}
        </button>
      </form>
      <p className="muted">
        The{" "}
        <Term word="learned head">
          A linear map that is fitted to your own images without labels: it keeps the directions that tell images apart
          but hardly change between an image and its nearest neighbours. More passes look for the neighbours again in
          the embedding of the pass before; that helps most with images unlike everyday photographs.
        </Term>{" "}
        turns the model’s features into the numbers that everything here compares. Changing it does not need the images
        again, but for{" "}
        <Term word="augmented views">
          Four random views each of a sample of the images, cut, mirrored and recoloured as another photograph of the
          same thing might be: directions that change between them count for less. The originals are read again, and for
          each image four views are embedded, which takes four times as long as it took to embed those images; their
          features are kept, so that it is done once. It may help with images unlike everyday photographs. With 713 of
          clothing it brought nothing: an image’s nearest other was of its kind 1 to 2 times in 100 less often.
        </Term>
        .
      </p>
      {fitted ? (
        <HeadReportTable fitted={fitted} />
      ) : (
        <p className="empty">The embedding is made when images are there.</p>
      )}
    </section>
  );
}
