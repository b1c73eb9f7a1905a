export { distanceUpdate, kCenterHeapify, kCenterSettle, kCenterTake } from "./kCenter";
export { knnExactRows, knnPairs, knnRerank, quantise } from "./knn";
export { orthonormalise } from "./orthonormal";
export { addOuterProducts, multiplyTransposedF64, powerNormalise, project, rowStatistics } from "./products";
