import { Command, CommanderError, Option } from "commander";
import { description, version } from "../../package.json";
import { defaultBoxThresholds } from "../core/annotations/boxThresholds.ts";
import { revealedText } from "../core/format/unseenText.ts";
import { defaultHead } from "../core/linalg/head.ts";
import { defaultThresholds } from "../core/quality/issues.ts";
import { allChecks } from "../core/quality/issueTable.ts";
import { type MapMethod, mapSeed } from "../core/reduce/embeddingMap.ts";
import { addAnnotationCommands } from "./annotationCommands.ts";
import { amount, boxThreshold, count, number, seed, spaceOption, threshold, valuesIn } from "./argumentTypes.ts";
import { type AdaptOptions, adapt } from "./commands/adapt.ts";
import { type CheckOptions, check } from "./commands/check.ts";
import { type EmbedOptions, embed } from "./commands/embed.ts";
import { embedSpace } from "./commands/embedSpace.ts";
import { map } from "./commands/map.ts";
import { type ObjectsOptions, objects } from "./commands/objects.ts";
import { type SelectOptions, select } from "./commands/select.ts";
import { type SimilarOptions, similar } from "./commands/similar.ts";
import { similarToWords, type WordsOptions } from "./commands/similarToWords.ts";
import { spaceLines, spaces } from "./commands/spaces.ts";
import { type VectorsOptions, vectors } from "./commands/vectors.ts";
import { exit, print, surroundings, verb } from "./verb.ts";

const program = new Command("winnow")
  .description(description)
  .version(version)
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError("Run it with --help to see what it takes.")
  .exitOverride();

const command = (words: string, about: string): Command =>
  program.command(words).description(about).option("--json", "print one JSON object as the last line");

command(
  "embed <folder...>",
  "decode and embed images into a project; continues an interrupted run, adds only what is new",
)
  .requiredOption("--project <folder>", "the project folder, made when it is not there (name.winnow)")
  .option("--model <file>", "an ONNX image model instead of the bundled EfficientNet-Lite0")
  .option("--preprocessing <file>", "JSON: how images become its input (docs/models.md), or a preprocessor_config.json")
  .option("--output <name>", "the output to store as features (default: the likeliest)")
  .option("--size <pixels>", "side of the model's square input (default: as the model says, or 224)", count)
  .option("--mean <value>", "model input = (8-bit value − mean) · scale (default: 127)", number("a number", 0, false))
  .option("--scale <value>", "see --mean (default: 1/128)", number("a number", 0, false))
  .option("--threads <n>", "threads to compute on (default: all)", count)
  .option(
    "--space <name>",
    "embed the images that the project has with this model as a further embedding; continues, adds only those it lacks",
  )
  .action(
    verb(async (folders: string[], options: EmbedOptions) => {
      if (options.space !== undefined) {
        const made = await embedSpace(folders, { ...options, space: options.space }, surroundings);
        const small = made.from_thumbnails > 0 ? `, ${made.from_thumbnails} of them from thumbnails` : "";
        return {
          object: made,
          sentence: `“${made.name}” (${made.space}): ${made.added} images embedded (${made.images_per_second.toFixed(1)} a second, ${made.provider})${small}, ${made.known} known.`,
        };
      }
      const result = await embed(folders, options, surroundings);
      for (const { path, reason } of result.problems) surroundings.terminal.say(`${path}: ${reason}`);
      const { added, known, ignored, problems, images_per_second: rate, provider } = result;
      const sentence = `${added} images added (${rate.toFixed(1)} a second, ${provider}), ${known} known, ${ignored} other files, ${problems.length} problems.`;
      return { object: result, sentence };
    }),
  );

command("spaces <project>", "list the embeddings of a project: the model, its images, whether it is adapted").action(
  verb(async (project: string) => {
    const result = await spaces(project, surroundings);
    for (const line of spaceLines(result.images, result.spaces)) print(revealedText(line));
    return { object: result, sentence: `${result.spaces.length} embeddings.`, printed: true };
  }),
);

command("adapt <project>", "fit the head to the project's own images and write their embeddings")
  .option("--dim <numbers>", "numbers an embedding", number("a whole number from 1", 1), defaultHead.dim)
  .option("--passes <n>", "how often neighbours are looked for, 1 to 4", number("1 to 4", 1), defaultHead.passes)
  .addOption(new Option("--method <name>", "how").choices(["head", "pca", "raw"]).default(defaultHead.method))
  .option(
    "--augmented <n>",
    "images whose random views take part: read again, four times embedded; needs --images",
    count,
  )
  .option("--images <folder...>", "with --augmented: where the originals are")
  .option("--model <file>", "with --augmented: the model of the embedding, where it is not the bundled one")
  .option("--preprocessing <file>", "with --augmented: how that is fed")
  .option(...spaceOption)
  .action(
    verb(async (project: string, { json: _, ...options }: AdaptOptions & { json?: boolean }) => {
      const result = await adapt(project, options, surroundings);
      const rank = result.report.effective_rank.toFixed(1);
      return {
        object: result,
        sentence: `${result.rows} embeddings of ${result.dim} numbers, effective rank ${rank}.`,
      };
    }),
  );

command("select <project>", "choose the most diverse images (k-center), or what a configuration asks for")
  .addOption(new Option("--n <count>", "how many, or a share such as 5%").argParser(amount).conflicts("config"))
  .addOption(
    new Option(
      "--config <file>",
      "a selection configuration in LightlyOne's words, or a selection record to run again",
    ).conflicts(["n", "minDistance"]),
  )
  .option("--preselected <file>", "paths that count as chosen already, one a line")
  .option("--with-excluded", "choose among images that are tagged “excluded” too")
  .option("--min-distance <d>", "stop before picks nearer than this, 0 to 2", number("0 to 2", 0, false))
  .option("--seed <n>", "of the random choice that it is compared with", seed, 1)
  .option(...spaceOption)
  .option("--out <file>", "write the chosen paths here instead of printing them")
  .action(
    verb(async (project: string, options: SelectOptions) => {
      const { paths, result } = await select(project, options, surroundings);
      surroundings.terminal.end();
      if (options.out === undefined) for (const path of paths) print(path);
      const radius = (value: number | null): string => value?.toFixed(3) ?? "none";
      const sentence = `${result.selected} images chosen; covering radius ${radius(result.radius)}, of random picks ${radius(result.random_radius)}.`;
      return { object: result, sentence, printed: options.out === undefined };
    }),
  );

command("map <project>", "lay the images out in the plane")
  .addOption(
    new Option("--method <name>", "how").choices(["pca", "umap", "tsne"]).default("umap").makeOptionMandatory(),
  )
  .option("--seed <n>", "another seed gives another, equally good map", seed, mapSeed)
  .option(...spaceOption)
  .action(
    verb(async (project: string, options: { method: "pca" | "umap" | "tsne"; seed: number; space?: string }) => {
      const methods: Record<typeof options.method, MapMethod> = { pca: "PCA", umap: "UMAP", tsne: "t-SNE" };
      const result = await map(project, { ...options, method: methods[options.method] }, surroundings);
      const sentence = `${result.file}: ${result.rows} points, trustworthiness ${result.trustworthiness.toFixed(3)}.`;
      return { object: result, sentence };
    }),
  );

command("check <project>", "find images with poor quality, duplicates and outliers")
  .option("--out <file>", "write the table here (CSV) instead of printing it")
  .option(...spaceOption)
  .option("--strict", "exit with 3 when any image has an issue")
  .option(
    "--threshold <check=value>",
    `a score under it is an issue; may be given several times (default: ${valuesIn(defaultThresholds)})`,
    threshold,
  )
  .option(
    "--box-threshold <name=value>",
    `by what boxes of labels are judged; may be given several times (default: ${valuesIn(defaultBoxThresholds)})`,
    boxThreshold,
  )
  .addHelpText(
    "after",
    `
The table has a line an image: path, then for each check its score (0 to 1, low is bad) and whether it is an issue
(is_…, 0 or 1), the number of its group of duplicates, and a suggested label. Checks: ${allChecks.join(", ")}.
Cells stay empty where there is nothing to check: quality of images that were never measured, and label_score,
is_label and suggested_label in a project without labels. Thresholds that were moved on the page and saved with the
project are its defaults.

Boxes of labels are judged by predictions of the project, where there are no labels of whole images. Boxes that overlap
(IoU) by “overlap” are of one object; a prediction over “sure” contradicts a label; one is badly placed over the
mistakenness “misplaced”; predictions under “least” are left out.`,
  )
  .action(
    verb(async (project: string, { strict, ...options }: CheckOptions & { strict?: boolean }) => {
      const { csv, result } = await check(project, options, surroundings);
      surroundings.terminal.end();
      if (options.out === undefined) for (const chunk of csv) print(chunk.replace(/\n$/, ""));
      const found = Object.entries(result.issues).filter(([, count]) => count > 0);
      const list = found.map(([name, count]) => `${name} ${count}`).join(", ");
      const sentence = `${result.flagged} of ${result.images} images have an issue${list && `: ${list}`}.`;
      const printed = options.out === undefined;
      return { object: result, sentence, printed, ...(strict && found.length > 0 && { exitCode: exit.issuesFound }) };
    }),
  );

command("similar <project>", "list the images most similar to some of them, or to words; nearest first")
  .addOption(new Option("--to <path...>", "images of the project that they should be like").conflicts("words"))
  .addOption(new Option("--not <path...>", "images that they should not be like").conflicts("words"))
  .option("--words <text>", "what they should show, for a project of a CLIP-like model")
  .option("--text <file>", "with --words: the model’s text tower (ONNX; a file with both towers will do)")
  .option("--tokenizer <file>", "with --words: its tokenizer.json (default: the one beside the text tower)")
  .option("--k <n>", "how many", count, 50)
  .option(...spaceOption)
  .hook("preAction", (own) => {
    const { to, words, text } = own.opts<Partial<WordsOptions & SimilarOptions>>();
    if (to === undefined && words === undefined)
      own.error("Say what they should be like: images with --to, or --words.");
    if (words !== undefined && text === undefined) own.error("--words needs the model’s text tower: --text FILE.");
  })
  .action(
    verb(async (project: string, { words, text, ...options }: Partial<WordsOptions> & SimilarOptions) => {
      const { images, cut } =
        words !== undefined && text !== undefined
          ? await similarToWords(project, { ...options, words, text }, surroundings)
          : { images: await similar(project, options, surroundings), cut: false };
      surroundings.terminal.end();
      if (cut) surroundings.terminal.say("These are more words than the model takes: the last of them were left out.");
      for (const { path } of images) print(path);
      return { object: { images }, sentence: `${images.length} images.`, printed: true };
    }),
  );

command(
  "objects <project> <folder...>",
  "embed the objects in the boxes of a set of labels or predictions; only what is new",
)
  .option("--set <id>", "the labels or predictions (default: the only ones with boxes)")
  .option(...spaceOption)
  .option("--model <file>", "the ONNX model that embedded the images (default: the bundled one)")
  .option("--preprocessing <file>", "JSON: how it is fed")
  .option("--size <pixels>", "side of the model's square input", count)
  .option("--threads <n>", "threads to compute on (default: all)", count)
  .addHelpText(
    "after",
    '\nThe folders are those that were embedded: their images are read again. A configuration of “winnow select” then goes by\nobjects where its input is {"type": "EMBEDDINGS", "task": "<set>"}.',
  )
  .action(
    verb(async (project: string, folders: string[], options: ObjectsOptions) => {
      const result = await objects(project, folders, options, surroundings);
      const { set, objects: all, embedded, known, missing } = result;
      const sentence = `objects of “${set}”: ${embedded} of ${all} embedded, ${known} known before; ${missing} images not found.`;
      return { object: result, sentence };
    }),
  );

command("vectors <file>", "make a project from vectors alone (.npy; .f32 or .f16 with --cols)")
  .requiredOption("--project <folder>", "the project folder to make")
  .option("--cols <n>", "numbers a row", count)
  .option("--names <file>", "a name for each row, one a line")
  .action(
    verb(async (file: string, options: VectorsOptions) => {
      const result = await vectors(file, options, surroundings);
      return { object: result, sentence: `${result.rows} vectors of ${result.cols} numbers.` };
    }),
  );

addAnnotationCommands(command);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exit.done : exit.wrongUsage;
}
// Sleeping threads and channels would keep the process alive.
process.exit();
