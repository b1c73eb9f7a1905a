import { useEffect, useRef } from "react";

interface RenameFieldProps {
  /** The accessible name: “Project name”. */
  label: string;
  name: string;
  /** Called once, with the new name or with null when nothing changes. */
  onDone: (name: string | null) => void;
}

/** A name being edited in its place: Enter or leaving keeps it, Escape gives up, an empty name changes nothing. */
export function RenameField({ label, name, onDone }: RenameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(() => input.current?.select(), []);

  const finish = (keep: boolean) => {
    if (finished.current) return;
    finished.current = true;
    const typed = input.current?.value.trim() ?? "";
    onDone(keep && typed !== "" && typed !== name ? typed : null);
  };

  return (
    <input
      ref={input}
      className="field rename-field"
      aria-label={label}
      defaultValue={name}
      maxLength={120}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
      }}
    />
  );
}
