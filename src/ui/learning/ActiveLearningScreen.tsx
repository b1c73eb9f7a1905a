import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { loopStrategies } from "../../core/active/loopStrategies.ts";
import { loopRounds } from "../../state/learning.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";
import { Screen } from "../screens/Screen.tsx";
import { useRemembered } from "../useRemembered.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { LabelBatch } from "./LabelBatch.tsx";
import { LabelChoice } from "./LabelChoice.tsx";
import { trainable } from "./labelSets.ts";
import { ProbePanel } from "./ProbePanel.tsx";
import { RoundList } from "./RoundList.tsx";
import "./learning.css";

/** The loop that saves labels: a batch is chosen, labelled here, learned from, and so on. */
export default function ActiveLearningScreen() {
  const actions = useActions();
  const sets = useWinnow(useShallow(trainable));
  const selections = useWinnow((state) => state.selections);
  const embedded = useWinnow((state) => state.head.fitted !== null);
  const [strategy, setStrategy] = useRemembered("loop-strategy", loopStrategies[0]!.id);
  const [batch, setBatch] = useRemembered("loop-batch", 20);
  const [balanced, setBalanced] = useRemembered("loop-balanced", false);
  const [picked, setPicked] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const latest = selections.findLast(({ loop }) => sets.some(({ id }) => id === loop?.labels));
  const set = sets.find(({ id }) => id === (picked ?? latest?.loop?.labels)) ?? sets[0];
  const rounds = set ? loopRounds(selections, set.id) : [];
  const record = rounds.find(({ id }) => id === shown) ?? rounds.at(-1);
  const { help } = loopStrategies.find(({ id }) => id === strategy) ?? loopStrategies[0]!;
  const valid = Number.isInteger(batch) && batch >= 1;

  const next = async (): Promise<void> => {
    if (!set) return;
    setChoosing(true);
    await actions.startRound({ labels: set.id, strategy, batch, balanced });
    setShown(null);
    setChoosing(false);
  };

  return (
    <Screen title="Active learning">
      <div className="learning">
        <div className="learning-side">
          <LabelChoice value={set?.id ?? ""} onChange={setPicked} canBegin />
          {set && (
            <form
              className="loop-form"
              onSubmit={(event) => {
                event.preventDefault();
                void next();
              }}
            >
              <Picker
                boxed
                label="Strategy"
                value={strategy}
                options={loopStrategies.map(({ id, title }) => ({ value: id, text: title }))}
                onPick={setStrategy}
              />
              <p className="muted">{help}</p>
              <NumberField
                label="Batch size"
                value={valid ? batch : undefined}
                whole
                min={1}
                onChange={(value) => setBatch(value ?? Number.NaN)}
              />
              <label className="check-line">
                <input
                  type="checkbox"
                  className="checkbox"
                  checked={balanced}
                  onChange={(event) => setBalanced(event.target.checked)}
                />
                Rare classes count as much as common ones
              </label>
              <button type="submit" className="button button-primary" disabled={!valid || choosing || !embedded}>
                {choosing ? "Choosing …" : rounds.length === 0 ? "Choose first batch" : "Choose next batch"}
              </button>
              {!embedded && <p className="muted">Batches can be chosen once the images are embedded.</p>}
            </form>
          )}
          {set && <RoundList set={set} shown={record?.id ?? null} onShow={setShown} />}
        </div>
        <div className="learning-main">
          {set && record ? (
            <LabelBatch key={record.id} set={set} record={record} onNext={() => void next()} />
          ) : (
            <p className="empty">
              <strong>{set ? "No batch yet" : "What are the classes?"}</strong>
              {set
                ? "Choose a first batch: images far from each other, in the middle of crowds. You label them here with the keys 1 to 9."
                : "Begin labels with your classes, or make them from folder names or tags. Then Winnow chooses which images to label first."}
            </p>
          )}
        </div>
        <div className="learning-side">{set && <ProbePanel labels={set.id} balanced={balanced} />}</div>
      </div>
    </Screen>
  );
}
