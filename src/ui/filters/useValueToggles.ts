import { withCondition, withValueToggled } from "../../core/explore/filter.ts";
import { useActions, useWinnow, useWinnowStore } from "../winnow.tsx";
import type { ValueLineProps } from "./ValueLine.tsx";

type Toggles = Pick<ValueLineProps, "checked" | "excluded" | "onToggle" | "onExclude">;

/** What the check boxes of a field show and do. Alt leaves the value out instead. */
export function useValueToggles(field: string): {
  of(value: string | null): Toggles;
  isAsked(value: string | null): boolean;
} {
  const actions = useActions();
  const store = useWinnowStore();
  const condition = useWinnow((state) => state.filter.find((one) => one.field === field));
  const values = condition?.kind === "values" ? condition.values : [];
  const not = condition?.kind === "values" && condition.not === true;
  return {
    isAsked: (value) => values.includes(value),
    of: (value) => ({
      checked: values.includes(value) && !not,
      excluded: values.includes(value) && not,
      onToggle: () => {
        // A plain click after leaving some out begins anew with asking for this one.
        if (not && !values.includes(value)) {
          actions.setCondition(field, { field, kind: "values", values: [value] });
        } else actions.toggleValue(field, value);
      },
      onExclude: () => {
        const { filter } = store.getState();
        const excluded = not ? filter : withCondition(filter, field, { field, kind: "values", values: [], not: true });
        actions.setFilter(withValueToggled(excluded, field, value));
      },
    }),
  };
}
