import { useCallback, useState } from "react";

/** State that is kept in this browser from visit to visit: panel sizes, open sections. Anything odd gives `initial`. */
export function useRemembered(name: string, initial: boolean): [boolean, (value: boolean) => void];
export function useRemembered(name: string, initial: number): [number, (value: number) => void];
export function useRemembered(name: string, initial: string): [string, (value: string) => void];
export function useRemembered<T extends number | boolean | string>(name: string, initial: T): [T, (value: T) => void] {
  const key = `winnow-${name}`;
  const [value, setValue] = useState<T>(() => read(key, initial));
  const remember = useCallback(
    (next: T) => {
      setValue(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, remember];
}

function read<T>(key: string, initial: T): T {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof stored === typeof initial ? (stored as T) : initial;
  } catch {
    return initial;
  }
}
