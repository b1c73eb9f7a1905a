import { type FormEvent, useState } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import type { HeadMethod, HeadSettings } from "../../core/linalg/head.ts";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";
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

/** How features become embeddings, and how good the present embedding is. */
export function EmbeddingPanel() {
  const { refit } = useActions();
  const present = useWinnow((state) => state.head.settings);
  const fitted = useWinnow((state) => state.head.fitted);
  const busy = useWinnow((state) => state.jobs.some((job) => job.name === "Adapting" && job.status === "running"));
  const [changed, setChanged] = useState<Partial<HeadSettings>>({});
  const wanted = { ...present, ...changed };
  const same = (Object.keys(changed) as (keyof HeadSettings)[]).every((key) => changed[key] === present[key]);

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
        again.
      </p>
      {fitted ? (
        <HeadReportTable fitted={fitted} />
      ) : (
        <p className="empty">The embedding is made when images are there.</p>
      )}
    </section>
  );
}
