import { type Command, Option } from "commander";
import { usualTagThreshold } from "../core/classifier/automaticTags.ts";
import { formatNames } from "../core/format/annotations/formats.ts";
import { count, probability, spaceOption } from "./argumentTypes.ts";
import { type ExportOptions, exportFormats, exportProject } from "./commands/exportProject.ts";
import { type ImportOptions, importAnnotations } from "./commands/importAnnotations.ts";
import { type PredictOptions, predict } from "./commands/predict.ts";
import { predictAutomatic } from "./commands/predictAutomatic.ts";
import { surroundings, verb } from "./verb.ts";

/** Lines that are left out of an import are named on the terminal up to here. */
const mostSaid = 10;

/** Of `predict`: with a model, or with the bundled one's own classes. */
interface GivenPredictOptions extends Omit<PredictOptions, "model"> {
  model?: string;
  automatic?: boolean;
  threshold: number;
}

/** The verbs about labels and predictions: what models say, what files say, and out again. */
export function addAnnotationCommands(command: (words: string, about: string) => Command): void {
  command(
    "predict <project> [folder...]",
    "run a classifier or detector over the project's images: a prediction task; says only what it has not said yet",
  )
    .option("--model <file>", "the ONNX model")
    .addOption(new Option("--automatic", "tag images with the bundled model's classes instead").conflicts("model"))
    .option("--threshold <p>", "with --automatic: least probability of a class, 0 to 1", probability, usualTagThreshold)
    .option("--preprocessing <file>", "JSON: how it is fed and read (docs/models.md), or a preprocessor_config.json")
    .option("--classes <file>", "its class names: a name a line, or JSON (default: those in its file)")
    .option("--name <name>", "what the predictions are called (default: the model's name)")
    .option("--size <pixels>", "side of the model's square input", count)
    .option("--threads <n>", "threads to compute on (default: all)", count)
    .addHelpText(
      "after",
      "\nThe folders are those that were embedded: their images are read again. --automatic needs none.",
    )
    .hook("preAction", (own) => {
      const { automatic, model } = own.opts<{ automatic?: boolean; model?: string }>();
      if (automatic) {
        if (own.args.length > 1) own.error("--automatic reads no images: leave the folders out.");
      } else if (model === undefined) own.error("Say with what: --model FILE, or --automatic.");
      else if (own.args.length < 2) own.error("Name the folders that were embedded: their images are read again.");
    })
    .action(
      verb(async (project: string, folders: string[], options: GivenPredictOptions) => {
        const { automatic, model, threshold, ...others } = options;
        if (automatic || model === undefined) {
          const result = await predictAutomatic(project, { threshold, ...others }, surroundings);
          const { set, images, tagged, classes } = result;
          const sentence = `predictions “${set}”: ${tagged} of ${images} images have one of ${classes.length} classes.`;
          return { object: result, sentence };
        }
        const result = await predict(project, folders, { ...others, model }, surroundings);
        for (const { path, reason } of result.missing.slice(0, mostSaid))
          surroundings.terminal.say(`${path}: ${reason}`);
        const { set, predicted, known, instances, missing } = result;
        const sentence = `predictions “${set}”: ${instances} instances in ${predicted} images; ${known} known before, ${missing.length} not found.`;
        return { object: result, sentence };
      }),
    );

  command("import <project> [files...]", "bring labels, predictions or metadata into a project")
    .addOption(new Option("--format <name>", "instead of finding it out").choices(formatNames))
    .option("--name <name>", "what the labels or predictions are called (default: the file's name)")
    .addOption(new Option("--as <role>", "instead of finding it out").choices(["labels", "predictions"]))
    .option("--path-column <name>", "of a table: the column that names the images")
    .option("--label-column <name>", "of a table: the column of the labels")
    .addHelpText(
      "after",
      `
Files or one folder: ${formatNames.join(", ")}. “folders” needs no file: the folder an image lies in is its label.
Importing again updates what was imported before. A file that cannot be read whole changes nothing.`,
    )
    .action(
      verb(async (project: string, files: string[], options: ImportOptions) => {
        const result = await importAnnotations(project, files, options, surroundings);
        const { terminal } = surroundings;
        terminal.end();
        const said = ({ count, first }: { count: number; first: readonly string[] }): void => {
          for (const text of first.slice(0, mostSaid)) terminal.say(text);
          if (count > mostSaid) terminal.say(`… and ${count - mostSaid} more; --json lists the first ${first.length}.`);
        };
        const { count, first } = result.bad_rows;
        const place = (line: number | null): string => (line === null ? "" : `, line ${line}`);
        said({ count, first: first.map(({ file, line, reason }) => `${file}${place(line)}: ${reason}`) });
        said({ ...result.unmatched, first: result.unmatched.first.map((path) => `No image: ${path}`) });
        said({ ...result.ambiguous, first: result.ambiguous.first.map((path) => `Several images: ${path}`) });
        for (const note of result.notes) terminal.say(note);
        const what = [
          ...result.sets.map(({ role, id }) => `${role} “${id}”`),
          ...result.metadata.map((key) => `“${key}”`),
        ];
        const unmatched = result.unmatched.count + result.ambiguous.count;
        const sentence = `${what.join(", ")}: ${result.matched} images, ${result.instances} instances; ${unmatched} paths without an image, ${result.bad_rows.count} bad rows, ${result.clipped} boxes cut at the border.`;
        return { object: result, sentence };
      }),
    );

  command("export <project>", "write images, labels or predictions in the formats of other tools")
    .addOption(new Option("--format <name>", "what to write").choices(exportFormats).makeOptionMandatory())
    .requiredOption("--out <folder>", "the folder to write into")
    .option("--set <id>", "which labels or predictions (default: the only ones)")
    .option("--only <file>", "only the images of this list")
    .option("--selected", "only the images of the last selection, in pick order")
    .option("--with-excluded", "write images that are tagged “excluded” too")
    .option(...spaceOption)
    .addHelpText("after", "\n“annotations” writes labels or predictions back in the format that they came in.")
    .action(
      verb(async (project: string, options: ExportOptions) => {
        const result = await exportProject(project, options, surroundings);
        const { images, files, out, set } = result;
        return { object: result, sentence: `${files} files in ${out}: ${images} images${set ? `, “${set}”` : ""}.` };
      }),
    );
}
