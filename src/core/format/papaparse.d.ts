/**
 * The part of papaparse that the core uses. `@types/papaparse` would bring Node's globals into the core, whose type
 * settings exist to keep them out.
 */
declare module "papaparse" {
  interface UnparseConfig {
    newline?: string;
    /** Text that matches gets an apostrophe in front and quotes around it. */
    escapeFormulae?: boolean | RegExp;
  }
  interface ParseResult {
    data: string[][];
    errors: { type: string; code: string; message: string; row?: number }[];
  }
  const Papa: {
    unparse(rows: readonly (readonly (string | number | boolean | null)[])[], config?: UnparseConfig): string;
    parse(text: string, config?: { newline?: "\r" | "\n" | "\r\n"; delimiter?: string }): ParseResult;
  };
  export default Papa;
}
