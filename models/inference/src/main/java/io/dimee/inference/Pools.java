package io.dimee.inference;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The complexity pools' centroids in embedding space (DIMEE, arXiv 2410.05338, Algorithm 1). */
public final class Pools {
  private final Map<Pool, float[]> centroids;

  /**
   * Creates pools.
   *
   * @param centroids one a pool; [hidden]
   */
  public Pools(Map<Pool, float[]> centroids) {
    this.centroids = new EnumMap<>(centroids);
    for (Pool pool : Pool.values()) {
      if (!this.centroids.containsKey(pool)) {
        throw new InvalidBundleException("the pools have no centroid for " + pool);
      }
    }
  }

  static Pools of(Map<String, Tensor> tensors) {
    Map<Pool, float[]> centroids = new EnumMap<>(Pool.class);
    for (Pool pool : Pool.values()) {
      Tensor tensor = tensors.get(pool.name());
      if (tensor != null) {
        centroids.put(
            pool, tensor.requireShape(pool.name(), Backbone.ARCHITECTURE.hidden()).toArray());
      }
    }
    return new Pools(centroids);
  }

  /** The centroids by pool name, as a bundle stores them. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    centroids.forEach(
        (pool, centroid) -> tensors.put(pool.name(), Tensor.of(centroid, centroid.length)));
    return tensors;
  }

  /** Squared Euclidean distance to a pool's centroid. */
  public double squaredDistance(Pool pool, float[] embedding) {
    float[] centroid = centroids.get(pool);
    double sum = 0;
    for (int i = 0; i < centroid.length; i++) {
      double difference = centroid[i] - embedding[i];
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * Returns the pool whose centroid is nearest; the easier one of equals.
   *
   * @param embedding mean of the embedding layer's output over the tokens; [hidden]
   */
  public Pool nearest(float[] embedding) {
    Pool nearest = Pool.EASY;
    double least = Double.POSITIVE_INFINITY;
    for (Pool pool : Pool.values()) {
      double distance = squaredDistance(pool, embedding);
      if (distance < least) {
        least = distance;
        nearest = pool;
      }
    }
    return nearest;
  }
}
