import { FilePlus2 } from "lucide-react";
import type { OnnxFile } from "../../core/model/onnxFile.ts";
import { type TextTower, takesTokens } from "../../core/model/textTower.ts";
import { Term } from "../controls/Term.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatBytes } from "../text/quantities.ts";

interface TextTowerPartProps {
  text: TextTower | undefined;
  /** The model's own file, which may hold both towers. */
  file: OnnxFile;
  busy: boolean;
  onFiles: (files: File[]) => void;
}

/** What reads words for a model: its text tower and tokenizer, or the way to bring them. */
export function TextTowerPart({ text, file, busy, onFiles }: TextTowerPartProps) {
  const within = takesTokens(file);
  const wanted = within ? "its tokenizer.json" : "the text tower (.onnx) and its tokenizer.json";
  return (
    <section className="text-tower" aria-label="Search by words">
      <h4 className="models-legend">
        <Term word="Search by words">
          Models of the CLIP family were trained with images and their captions. Their second part, the text tower,
          turns words into the same numbers, so that images can be found by what a text says.
        </Term>
      </h4>
      {text ? (
        <p className="models-note">
          <HostileText text={text.name} />
          {text.within ? " reads words, too" : " reads words"}, with <HostileText text={text.tokenizer} />:{" "}
          {formatBytes(text.bytes)}
          {text.spec.length !== null && `, up to ${countOf(text.spec.length, "token")}`}. Type what you look for into
          the search box while an embedding of this model is in view.
        </p>
      ) : (
        <p className="muted models-note">
          {within
            ? "This file also reads words. Choose its tokenizer.json, and images can be searched for by any words."
            : "A CLIP-like model can find images by any words: choose its text tower (.onnx) together with its tokenizer.json, and tokenizer_config.json where there is one."}
        </p>
      )}
      <label className={`button model-choose ${busy ? "model-choose-busy" : ""}`}>
        <FilePlus2 size={14} aria-hidden="true" />
        <span>{busy ? "Reading…" : text ? "Choose another" : `Choose ${wanted}`}</span>
        <input
          type="file"
          className="model-input"
          multiple
          accept=".onnx,.json,.data,.bin,.onnx_data"
          aria-label="Choose text tower and tokenizer"
          disabled={busy}
          onChange={(event) => {
            onFiles(Array.from(event.currentTarget.files ?? []));
            // The same file chosen again must be a change again.
            event.currentTarget.value = "";
          }}
        />
      </label>
    </section>
  );
}
