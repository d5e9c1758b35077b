package io.dimee.inference.bundle;

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

  static Pools of(Map<String, Tensor> tensors, int hidden) {
    Map<Pool, float[]> centroids = new EnumMap<>(Pool.class);
    for (Pool pool : Pool.values()) {
      Tensor tensor = tensors.get(pool.name());
      if (tensor != null) {
        centroids.put(pool, tensor.requireShape(pool.name(), hidden).toArray());
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
    return nearestOf(distances(embedding));
  }

  /**
   * Euclidean distances to the centroids.
   *
   * @param embedding mean of the embedding layer's output over the tokens; [hidden]
   * @return easiest pool first; [pools]
   */
  public float[] distances(float[] embedding) {
    Pool[] pools = Pool.values();
    float[] distances = new float[pools.length];
    for (int i = 0; i < pools.length; i++) {
      distances[i] = (float) Math.sqrt(squaredDistance(pools[i], embedding));
    }
    return distances;
  }

  /**
   * Returns the pool of the least distance; the easier one of equals.
   *
   * @param distances as {@link #distances} gives them
   */
  public static Pool nearestOf(float[] distances) {
    Pool nearest = Pool.EASY;
    float least = Float.POSITIVE_INFINITY;
    int i = 0;
    for (Pool pool : Pool.values()) {
      float distance = distances[i++];
      if (distance < least) {
        least = distance;
        nearest = pool;
      }
    }
    return nearest;
  }
}
