import { Autocomplete } from "@base-ui/react/autocomplete";
import { FileSearch, ImageUp, ScanSearch, Search, Tag, TextSearch } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { isTyping } from "../shell/usePageKeys.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { type Suggestion, type SuggestionGroup, suggestionKey, suggestionsFor } from "./suggestions.ts";

/** Finds images by words, names, tags and by an image from outside; `/` puts the cursor here. */
export function SearchBox() {
  const actions = useActions();
  const fields = useWinnow((state) => state.fields);
  const vocabulary = useWinnow((state) => state.vocabulary);
  const textTower = useWinnow((state) => state.textTower);
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const groups = useMemo(
    () => suggestionsFor(typed, fields, { vocabulary, textTower }),
    [typed, fields, vocabulary, textTower],
  );

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  const placeholder = textTower
    ? "Search: a dog on a beach…"
    : vocabulary
      ? "Search: dog, a name, a tag…"
      : "Search by name or tag";
  const choose = (suggestion: Suggestion) => {
    setTyped("");
    input.current?.blur();
    switch (suggestion.kind) {
      case "class":
        actions.findWord(suggestion.term);
        break;
      case "text":
        actions.findText(suggestion.text);
        break;
      case "models":
        actions.openScreen("models");
        break;
      case "path":
        actions.setCondition("path", { field: "path", kind: "text", text: suggestion.text });
        break;
      case "value":
        actions.setCondition(suggestion.field, {
          field: suggestion.field,
          kind: "values",
          values: [suggestion.value],
        });
    }
  };

  return (
    <search className="search-box">
      <Autocomplete.Root
        items={groups}
        value={typed}
        mode="none"
        autoHighlight
        itemToStringValue={() => typed}
        onValueChange={(value, { reason }) => reason !== "item-press" && setTyped(value)}
      >
        <Search size={15} aria-hidden="true" className="search-icon" />
        <Autocomplete.Input ref={input} className="field search-input" aria-label="Search" placeholder={placeholder} />
        <Autocomplete.Portal>
          <Autocomplete.Positioner className="popup-layer" sideOffset={6} align="start">
            <Autocomplete.Popup className="menu search-menu" hidden={groups.length === 0}>
              <Autocomplete.List>
                {(group: SuggestionGroup) => (
                  <Autocomplete.Group key={group.title} items={group.items}>
                    <Autocomplete.GroupLabel className="menu-group">{group.title}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(item: Suggestion) => (
                        <Autocomplete.Item
                          key={suggestionKey(item)}
                          value={item}
                          className="menu-item"
                          onClick={() => choose(item)}
                        >
                          <SuggestionLine suggestion={item} />
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
      <IconButton
        label="Search with an image"
        detail="A file that need not be in the project. Pasting one works too."
        className="button-plain search-file"
        onClick={() => file.current?.click()}
      >
        <ImageUp size={15} />
      </IconButton>
      <input
        ref={file}
        type="file"
        hidden
        accept="image/*"
        aria-label="Image to search with"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) actions.findLikeFile(chosen, chosen.name);
          event.target.value = "";
        }}
      />
    </search>
  );
}

function SuggestionLine({ suggestion }: { suggestion: Suggestion }) {
  switch (suggestion.kind) {
    case "class":
      return (
        <>
          <ScanSearch size={15} aria-hidden="true" />
          <span className="menu-item-text">{suggestion.term.word}</span>
          <span className="menu-item-note">
            {suggestion.term.classes.length > 1 ? countOf(suggestion.term.classes.length, "class", "classes") : "class"}
          </span>
        </>
      );
    case "text":
      return (
        <>
          <TextSearch size={15} aria-hidden="true" />
          <span className="menu-item-text menu-item-name">
            <span>
              match “<HostileText text={suggestion.text} />”
            </span>
          </span>
          <span className="menu-item-note">words</span>
        </>
      );
    case "models":
      return (
        <>
          <TextSearch size={15} aria-hidden="true" />
          <span className="menu-item-text">Needs a model that reads words: choose one</span>
          <span className="menu-item-note">Models</span>
        </>
      );
    case "value":
      return (
        <>
          <Tag size={15} aria-hidden="true" />
          <span className="menu-item-text menu-item-name">
            <HostileText text={suggestion.value} />
          </span>
          <span className="menu-item-note">{suggestion.fieldTitle.toLowerCase()}</span>
        </>
      );
    case "path":
      return (
        <>
          <FileSearch size={15} aria-hidden="true" />
          <span className="menu-item-text menu-item-name">
            <span>
              path contains “<HostileText text={suggestion.text} />”
            </span>
          </span>
        </>
      );
  }
}
