export { distanceUpdate, kCenterHeapify, kCenterSettle } from "./kCenter";
export { knnExactRows, knnPairs, knnRerank, quantise } from "./knn";
export { measureRows } from "./measure";
export { orthonormalise } from "./orthonormal";
export { addOuterProducts, multiplyTransposedF64, powerNormalise, project, rowStatistics } from "./products";
export { fftColumns, fftColumnsBack, fftRows } from "./fft";
export { planeRanks } from "./trust";
export { tsneMove, tsneRepel, tsneSpread } from "./tsne";
export { umapEpoch } from "./umap";
