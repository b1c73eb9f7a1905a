/** Below a source's root: where a person's rejects are moved to. What is in it is no part of the source any more. */
export const rejectsFolder = "winnow-rejects";
