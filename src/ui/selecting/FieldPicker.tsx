import type { Field } from "../../core/explore/field.ts";
import { Picker } from "../controls/Picker.tsx";

interface FieldPickerProps {
  label: string;
  /** A field's id. */
  value: string;
  fields: readonly Field[];
  /** Before the fields. */
  others?: readonly { value: string; text: string }[];
  onPick: (id: string) => void;
}

/** Chooses a field; one that is not there (any more) stays visible as what is asked for. */
export function FieldPicker({ label, value, fields, others = [], onPick }: FieldPickerProps) {
  const options = [...others, ...fields.map(({ id, title }) => ({ value: id, text: title.toLowerCase() }))];
  const known = options.some((option) => option.value === value);
  return (
    <Picker
      boxed
      label={label}
      value={value}
      options={known ? options : [{ value, text: `${value} (not there)` }, ...options]}
      onPick={onPick}
    />
  );
}
