import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildPage } from "./build.mjs";
import { installPackages, root } from "./install.mjs";
import { buildSample } from "./sample.mjs";
import { writeServiceWorker } from "./serviceWorker.mjs";

/**
 * Makes a site of the built page and a project folder that it opens, for any static host (docs/sharing.md).
 * @param {string} project a project folder; all of it is published but its features
 * @param {string} site must not be there yet
 */
export async function publishSite(project, site) {
  if (existsSync(site)) throw new Error(`“${site}” is there already: name another folder, or delete it`);
  await buildPage();
  cpSync(join(root, "dist"), site, { recursive: true, filter: (path) => !/[/\\]\.[^/\\]*$/.test(path) });
  cpSync(project, join(site, "project"), {
    recursive: true,
    // Features are large and not looked at; incoming/ and the lock belong to a running `winnow embed`.
    filter: (path) => !/[/\\](features\.npy|spaces|incoming|\.winnow-lock)$/.test(path),
  });
  writeFileSync(join(site, "publication.json"), `${JSON.stringify({ project: "project/" })}\n`);
  await writeServiceWorker(site);
}

/** `npm run publish:example [FOLDER]`: the sample as a site in FOLDER, which is made. */
async function publishExample() {
  installPackages();
  await buildSample();
  const site = resolve(process.argv[2] ?? join(root, "example-site"));
  if (existsSync(site)) throw new Error(`“${site}” is there already: name another folder, or delete it`);
  const made = join(root, "node_modules/.winnow-example");
  mkdirSync(made, { recursive: true });
  const winnow = (/** @type {string[]} */ ...parts) =>
    execFileSync(process.execPath, [join(root, "tools/winnow.mjs"), ...parts], { stdio: "inherit" });
  const project = join(made, "sample.winnow");
  winnow("embed", join(root, "public/sample.zip"), "--project", project);
  winnow("adapt", project);
  for (const method of ["pca", "umap"]) winnow("map", project, "--method", method);
  await publishSite(project, site);
  console.log(`The example is in ${site}: put all of it on a static host, under any path.`);
}

if (process.argv[1] === import.meta.filename) await publishExample();
