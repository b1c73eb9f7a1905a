import { useState } from "react";
import { HostileText } from "../text/HostileText.tsx";

interface ClassKeysProps {
  classes: readonly string[];
  given: string | null;
  onPick: (name: string) => void;
}

/** More buttons are no help: other classes are typed. */
const mostButtons = 30;

/** A button for every class, the first nine with their digit; a name that is typed may be new. */
export function ClassKeys({ classes, given, onPick }: ClassKeysProps) {
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  return (
    <div className="class-keys">
      <fieldset className="class-buttons" aria-label="Classes">
        {classes.slice(0, mostButtons).map((each, i) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={each === given}
            // The focus stays: Enter is to accept the next suggestion, not this class again.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(each)}
          >
            {i < 9 && <kbd>{i + 1}</kbd>} <HostileText text={each} />
          </button>
        ))}
      </fieldset>
      <form
        className="class-other"
        onSubmit={(event) => {
          event.preventDefault();
          if (name === "") return;
          onPick(name);
          setTyped("");
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        }}
      >
        <input
          className="field"
          aria-label="Other class"
          placeholder={classes.length > mostButtons ? "Another of the classes" : "Other class"}
          list="learning-classes"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {classes.length > mostButtons && (
          <datalist id="learning-classes">
            {classes.slice(0, 1_000).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
      </form>
    </div>
  );
}
