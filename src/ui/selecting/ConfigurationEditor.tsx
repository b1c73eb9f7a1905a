import { useEffect, useState } from "react";
import type { SelectionConfig } from "../../core/selection/config.ts";
import { besideCards } from "../../core/selection/draft.ts";
import { configText, readConfig } from "../../core/selection/readConfig.ts";

interface ConfigurationEditorProps {
  config: SelectionConfig;
  /** What was typed, once it can be read. */
  onChange: (config: SelectionConfig) => void;
  /** What is wrong with what was typed; “” when nothing is. */
  onProblem: (problem: string) => void;
}

/** The configuration as JSON, beside the cards: each follows the other. */
export function ConfigurationEditor({ config, onChange, onProblem }: ConfigurationEditorProps) {
  const written = configText(config);
  const [text, setText] = useState(written);
  // What the text last meant: the cards' own changes are written over it, its own come back unchanged.
  const [meant, setMeant] = useState(written);
  useEffect(() => {
    if (written === meant) return;
    setText(written);
    setMeant(written);
    onProblem("");
  }, [written, meant, onProblem]);
  useEffect(() => () => onProblem(""), [onProblem]);
  const type = (typed: string) => {
    setText(typed);
    try {
      const read = readConfig(JSON.parse(typed));
      setMeant(configText(read));
      onProblem("");
      onChange(read);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      onProblem(error instanceof SyntaxError ? `This is no JSON yet: ${said}.` : besideCards(said));
    }
  };
  return (
    <textarea
      className="field select-json"
      aria-label="Selection configuration"
      aria-describedby="how-many-message"
      spellCheck={false}
      rows={Math.min(18, text.split("\n").length + 1)}
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  );
}
