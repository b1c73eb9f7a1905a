import type { CardChoices } from "../../core/selection/cards.ts";
import type { SelectionStrategy } from "../../core/selection/config.ts";
import { fieldIdOf, inputOf, scoreFields } from "../../core/selection/inputFields.ts";
import {
  type PresetChoice,
  type PresetNeed,
  presetOf,
  type SelectionPreset,
  selectionPresets,
} from "../../core/selection/presets.ts";
import { Picker } from "../controls/Picker.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { FieldPicker } from "./FieldPicker.tsx";

const own = "own";
const needWords: Readonly<Record<Exclude<PresetNeed, null>, string>> = {
  category: "needs folders, tags or labels that differ",
  tag: "needs a tag on a few images",
  score: "needs scores of a model",
  marked: "needs marked images",
};

interface PresetLineProps {
  strategies: readonly SelectionStrategy[];
  choices: CardChoices;
  onPick: (strategies: readonly SelectionStrategy[]) => void;
}

/** Ready-made strategies: they fill the cards, which may then be changed. */
export function PresetLine({ strategies, choices, onPick }: PresetLineProps) {
  const { addTag } = useActions();
  const marked = useWinnow((state) => state.marked);
  const tags = useWinnow((state) => state.tags);
  const scores = scoreFields(choices.numbers);
  const all = [...choices.numbers, ...choices.categories];
  const found = presetOf(strategies);
  const has: Record<Exclude<PresetNeed, null>, boolean> = {
    category: choices.categories.length > 0,
    tag: choices.tags.length > 0,
    score: scores.length > 0,
    marked: marked.size > 0,
  };
  const fields = found?.preset.needs === "score" ? scores : choices.categories;

  const pick = (preset: SelectionPreset) => {
    const by: PresetChoice = {};
    if (preset.needs === "category") by.input = inputOf(choices.categories[0]!, all);
    if (preset.needs === "score") by.input = inputOf(scores[0]!, all);
    if (preset.needs === "tag") by.tagName = choices.tags[0]!;
    if (preset.needs === "marked") {
      by.tagName = tagOfMarked(tags, marked.rows);
      if (!tags.has(by.tagName)) addTag(by.tagName, marked.rows);
    }
    onPick(preset.strategies(by));
  };

  return (
    <>
      <Picker
        boxed
        label="What"
        value={found?.preset.id ?? own}
        options={[
          ...(found ? [] : [{ value: own, text: "Your own" }]),
          ...selectionPresets.map((preset) => {
            const { id, title, needs } = preset;
            const missing = needs !== null && !has[needs] && id !== found?.preset.id;
            return { value: id, text: missing ? `${title} (${needWords[needs]})` : title, disabled: missing };
          }),
        ]}
        onPick={(id) => {
          const preset = selectionPresets.find((one) => one.id === id);
          if (preset) pick(preset);
        }}
      />
      {found && (found.preset.needs === "category" || found.preset.needs === "score") && found.by.input && (
        <FieldPicker
          label="By"
          value={fieldIdOf(found.by.input, all)}
          fields={fields}
          onPick={(id) => {
            const field = fields.find((one) => one.id === id);
            if (field) onPick(found.preset.strategies({ input: inputOf(field, all) }));
          }}
        />
      )}
      {found?.preset.needs === "tag" && (
        <Picker
          boxed
          label="Tag"
          value={found.by.tagName ?? ""}
          options={choices.tags.map((name) => ({ value: name, text: name }))}
          onPick={(tagName) => onPick(found.preset.strategies({ tagName }))}
        />
      )}
    </>
  );
}

/** The tag that holds just these images, or a new name for one. */
function tagOfMarked(tags: ReadonlyMap<string, { rows: Uint32Array }>, rows: Uint32Array): string {
  for (const [name, { rows: tagged }] of tags) {
    if (tagged.length === rows.length && tagged.every((row, i) => row === rows[i])) return name;
  }
  let name = "like these";
  for (let i = 2; tags.has(name); i++) name = `like these ${i}`;
  return name;
}
