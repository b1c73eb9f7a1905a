import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { OwnModel } from "../core/model/ownModel.ts";
import { stored } from "./storageError.ts";

interface ModelsSchema extends DBSchema {
  /** Key: SHA-256 of the ONNX file. */
  models: { key: string; value: OwnModel };
  /** Key: that hash, and the file's name. */
  files: { key: [string, string]; value: Blob };
}

/** The models that a person brought, by the hash of their files; one small database for all projects. */
export class ModelStore {
  private constructor(private readonly database: IDBPDatabase<ModelsSchema>) {}

  static async open(): Promise<ModelStore> {
    const database = await stored(() =>
      openDB<ModelsSchema>("winnow-models", 1, {
        upgrade: (db) => {
          db.createObjectStore("models", { keyPath: "sha256" });
          db.createObjectStore("files");
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      }),
    );
    return new ModelStore(database);
  }

  /** In the order in which they came. */
  async list(): Promise<OwnModel[]> {
    const models = await stored(() => this.database.getAll("models"));
    return models.sort((a, b) => a.addedAt - b.addedAt);
  }

  async get(sha256: string): Promise<OwnModel | null> {
    return (await stored(() => this.database.get("models", sha256))) ?? null;
  }

  /** Keeps a model and its files, all or nothing; one that is there already is replaced. */
  put(model: OwnModel, files: ReadonlyMap<string, Blob> = new Map()): Promise<void> {
    return stored(async () => {
      const transaction = this.database.transaction(["models", "files"], "readwrite");
      const writes: Promise<unknown>[] = [transaction.objectStore("models").put(model)];
      for (const [name, file] of files) writes.push(transaction.objectStore("files").put(file, [model.sha256, name]));
      await Promise.all(writes);
      await transaction.done;
    });
  }

  async file(sha256: string, name: string): Promise<Blob | null> {
    return (await stored(() => this.database.get("files", [sha256, name]))) ?? null;
  }

  delete(sha256: string): Promise<void> {
    return stored(async () => {
      const transaction = this.database.transaction(["models", "files"], "readwrite");
      await Promise.all([
        transaction.objectStore("models").delete(sha256),
        transaction.objectStore("files").delete(IDBKeyRange.bound([sha256, ""], [sha256, "\uffff"])),
      ]);
      await transaction.done;
    });
  }

  close(): void {
    this.database.close();
  }
}
