import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { ProjectSummary } from "../core/records.ts";
import { databaseName } from "./schema.ts";
import { stored } from "./storageError.ts";

interface CatalogueSchema extends DBSchema {
  projects: { key: string; value: ProjectSummary };
}

/** The list of projects: a copy of each project's summary, so that the start screen opens one small database. */
export class Catalogue {
  private constructor(private readonly database: IDBPDatabase<CatalogueSchema>) {}

  static async open(): Promise<Catalogue> {
    const database = await stored(() =>
      openDB<CatalogueSchema>("winnow", 1, {
        upgrade: (db) => {
          db.createObjectStore("projects", { keyPath: "id" });
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      }),
    );
    return new Catalogue(database);
  }

  /** Newest first. */
  async list(): Promise<ProjectSummary[]> {
    const projects = await stored(() => this.database.getAll("projects"));
    return projects.sort((a, b) => b.updatedAt - a.updatedAt);
  }

  async put(summary: ProjectSummary): Promise<void> {
    await stored(() => this.database.put("projects", summary));
  }

  /** Deletes the project's database (which frees its space) and then its entry. */
  async delete(id: string): Promise<void> {
    await stored(() => deleteDB(databaseName(id)));
    await stored(() => this.database.delete("projects", id));
  }

  close(): void {
    this.database.close();
  }
}
