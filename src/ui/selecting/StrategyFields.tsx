import { revealedText } from "../../core/format/unseenText.ts";
import type { CardChoices } from "../../core/selection/cards.ts";
import { usualThreshold } from "../../core/selection/cards.ts";
import type {
  SelectionInput,
  SelectionRule,
  SelectionStrategy,
  ThresholdOperation,
} from "../../core/selection/config.ts";
import { fieldIdOf, inputOf } from "../../core/selection/inputFields.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";
import { BalanceFields } from "./BalanceFields.tsx";
import { FieldPicker } from "./FieldPicker.tsx";

export interface StrategyFieldsProps {
  strategy: SelectionStrategy;
  choices: CardChoices;
  onChange: (strategy: SelectionStrategy) => void;
}

const operations = [
  { value: "BIGGER_EQUAL", text: "at least" },
  { value: "BIGGER", text: "more than" },
  { value: "SMALLER_EQUAL", text: "at most" },
  { value: "SMALLER", text: "less than" },
] as const satisfies readonly { value: ThresholdOperation; text: string }[];

const random = "random";
const alike = { value: "", text: "every image alike" };

/** What a strategy cannot do without, and what it compares where there is a choice. */
export function NeededFields(props: StrategyFieldsProps) {
  return (
    <>
      <RuleFields {...props} />
      <ComparedPicker {...props} />
    </>
  );
}

/** Whether embeddings of whole images are compared, or of the objects of a set; nothing where there are no objects. */
function ComparedPicker({ strategy: { input, strategy }, choices: { objects }, onChange }: StrategyFieldsProps) {
  const task = input.type === "EMBEDDINGS" ? (input.task ?? "") : null;
  if (task === null || (objects.length === 0 && task === "")) return null;
  const there = task === "" || objects.some(({ id, name }) => id === task || name === task);
  const pick = (picked: string): void => {
    const { task: _before, ...rest } = input as Extract<SelectionInput, { type: "EMBEDDINGS" }>;
    onChange({ input: picked === "" ? rest : { ...rest, task: picked }, strategy });
  };
  return (
    <Picker
      boxed
      label="Compares"
      value={objects.find(({ id, name }) => id === task || name === task)?.id ?? task}
      options={[
        { value: "", text: "whole images" },
        ...objects.map(({ id, name }) => ({ value: id, text: `objects of ${revealedText(name)}` })),
        ...(there ? [] : [{ value: task, text: `objects of ${revealedText(task)} (not there)` }]),
      ]}
      onPick={pick}
    />
  );
}

function RuleFields({ strategy: { input, strategy }, choices, onChange }: StrategyFieldsProps) {
  const all = [...choices.numbers, ...choices.categories];
  const inputWith = (id: string): SelectionInput => {
    const field = all.find((one) => one.id === id);
    return field ? inputOf(field, all) : input;
  };
  switch (strategy.type) {
    case "WEIGHTS":
      if (input.type === "RANDOM") return null;
      return (
        <FieldPicker
          label="By"
          value={fieldIdOf(input, all)}
          fields={choices.numbers}
          onPick={(id) => onChange({ input: inputWith(id), strategy })}
        />
      );
    case "THRESHOLD":
      return (
        <>
          <FieldPicker
            label="Only"
            value={input.type === "RANDOM" ? random : fieldIdOf(input, all)}
            fields={choices.numbers}
            others={[{ value: random, text: "random number" }]}
            onPick={(id) => {
              const field = choices.numbers.find((one) => one.id === id);
              const threshold = field ? usualThreshold(field) : 0.5;
              const by: SelectionInput = id === random ? { type: "RANDOM", randomSeed: 1 } : inputWith(id);
              onChange({ input: by, strategy: { ...strategy, threshold } });
            }}
          />
          <Picker<ThresholdOperation>
            boxed
            label="is"
            value={strategy.operation}
            options={operations}
            onPick={(operation) => onChange({ input, strategy: { ...strategy, operation } })}
          />
          <NumberField
            bare
            label="Threshold"
            value={strategy.threshold}
            onChange={(threshold) => onChange({ input, strategy: { ...strategy, threshold: threshold ?? Number.NaN } })}
          />
        </>
      );
    case "SIMILARITY": {
      const tagName = input.type === "EMBEDDINGS" ? (input.tagName ?? "") : "";
      const there = choices.tags.includes(tagName);
      const options = choices.tags.map((name) => ({ value: name, text: name }));
      return (
        <Picker
          boxed
          label="Like the tag"
          value={tagName}
          options={there ? options : [{ value: tagName, text: `${tagName} (not there)` }, ...options]}
          onPick={(name) => onChange({ input: { ...input, type: "EMBEDDINGS", tagName: name }, strategy })}
        />
      );
    }
    case "BALANCE":
      return (
        <BalanceFields
          strategy={strategy}
          by={fieldIdOf(input, all)}
          categories={choices.categories}
          onChange={(by, rule) => onChange({ input: by === null ? input : inputWith(by), strategy: rule })}
        />
      );
    default:
      return null;
  }
}

/** Whether a strategy has anything to be set that it can do without. */
export const hasOptions = ({ strategy }: SelectionStrategy): boolean =>
  strategy.type !== "THRESHOLD" && strategy.type !== "SIMILARITY" && strategy.type !== "BALANCE";

/** What may be left as it is: stopping conditions and the like. */
export function OptionalFields({ strategy: { input, strategy }, choices, onChange }: StrategyFieldsProps) {
  const rule = (change: SelectionRule) => onChange({ input, strategy: without(change) });
  const all = [...choices.numbers, ...choices.categories];
  switch (strategy.type) {
    case "DIVERSITY":
      return (
        <NumberField
          optional
          label="Stop below a distance of"
          value={strategy.stoppingConditionMinimumDistance}
          min={0}
          max={2}
          placeholder="never"
          onChange={(value) => rule({ ...strategy, ...asked("stoppingConditionMinimumDistance", value) })}
        />
      );
    case "COVERAGE": {
      const { demand } = strategy;
      return (
        <>
          <NumberField
            optional
            whole
            label="Neighbours"
            value={strategy.numNearestNeighbors}
            min={1}
            max={200}
            placeholder="30"
            onChange={(value) => rule({ ...strategy, ...asked("numNearestNeighbors", value) })}
          />
          <FieldPicker
            label="Counts"
            value={demand ? fieldIdOf(demand, all) : alike.value}
            fields={choices.numbers}
            others={[alike]}
            onPick={(id) => {
              const field = choices.numbers.find((one) => one.id === id);
              rule({ ...strategy, ...asked("demand", field && inputOf(field, all)) });
            }}
          />
        </>
      );
    }
    case "TYPICALITY":
      return (
        <>
          <NumberField
            optional
            whole
            label="Neighbours"
            value={strategy.numNearestNeighbors}
            min={2}
            max={200}
            placeholder="20"
            onChange={(value) => rule({ ...strategy, ...asked("numNearestNeighbors", value) })}
          />
          <NumberField
            optional
            label="At least"
            value={strategy.stoppingConditionMinimumTypicality}
            min={0}
            max={1}
            placeholder="0"
            onChange={(value) => rule({ ...strategy, ...asked("stoppingConditionMinimumTypicality", value) })}
          />
        </>
      );
    case "WEIGHTS":
      return (
        <>
          {input.type === "RANDOM" && (
            <NumberField
              optional
              whole
              label="Seed"
              value={input.randomSeed}
              placeholder="0"
              onChange={(value) => onChange({ input: { type: "RANDOM", ...asked("randomSeed", value) }, strategy })}
            />
          )}
          <SumFields strategy={strategy} onChange={rule} />
        </>
      );
    default:
      return null;
  }
}

type Weights = Extract<SelectionRule, { type: "WEIGHTS" }>;

const stops = [
  { value: "never", text: "never" },
  { value: "most", text: "before the sum exceeds" },
  { value: "range", text: "once the sum is between" },
] as const;

/** When a sum of weights ends the choice. */
function SumFields({ strategy, onChange }: { strategy: Weights; onChange: (rule: SelectionRule) => void }) {
  const { stoppingConditionMaxSum: most, targetRange: range, ...plain } = strategy;
  return (
    <>
      <Picker<(typeof stops)[number]["value"]>
        boxed
        label="Stop"
        value={range ? "range" : most === undefined ? "never" : "most"}
        options={stops}
        onPick={(kind) => {
          if (kind === "never") onChange(plain);
          else if (kind === "most") onChange({ ...plain, stoppingConditionMaxSum: range?.maxSum ?? 100 });
          else onChange({ ...plain, targetRange: { minSum: most ?? 90, maxSum: most ?? 100 } });
        }}
      />
      {most !== undefined && (
        <NumberField
          bare
          label="Largest sum"
          value={most}
          min={0}
          onChange={(sum) => onChange({ ...plain, stoppingConditionMaxSum: sum ?? Number.NaN })}
        />
      )}
      {range && (
        <>
          <NumberField
            bare
            label="Smallest sum"
            value={range.minSum}
            onChange={(minSum) => onChange({ ...plain, targetRange: { ...range, minSum: minSum ?? Number.NaN } })}
          />
          <span className="muted">and</span>
          <NumberField
            bare
            label="Largest sum"
            value={range.maxSum}
            onChange={(maxSum) => onChange({ ...plain, targetRange: { ...range, maxSum: maxSum ?? Number.NaN } })}
          />
        </>
      )}
    </>
  );
}

/** A key that may have no value. */
const asked = <K extends string, V>(key: K, value: V | undefined): { [name in K]?: V } =>
  ({ [key]: value }) as { [name in K]?: V };

/** The same without keys that have no value. */
const without = (rule: SelectionRule): SelectionRule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as unknown as SelectionRule;
