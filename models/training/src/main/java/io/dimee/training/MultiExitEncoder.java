package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.onnx.Pooling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The encoder with an exit after every layer, as a function of trainable parameters: dense weights,
 * biases and LayerNorms of all layers, and the exits. The embedding layer is frozen, so that the
 * router's feature does not depend on the task. An exit is pooling, dense, tanh, dense.
 *
 * <p>No operation here takes a Java number: DJL 0.36 hands such a scalar to autograd in a buffer
 * that is freed on return, and the gradients that are computed from it later are wrong.
 */
final class MultiExitEncoder {
  static final String EXIT_DENSE = "exits.dense.weight";
  static final String EXIT_DENSE_BIAS = "exits.dense.bias";
  static final String EXIT_OUTPUT = "exits.output.weight";
  static final String EXIT_OUTPUT_BIAS = "exits.output.bias";

  private static final List<String> DENSE =
      List.of(
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "intermediate.dense",
          "output.dense");
  private static final List<String> NORMS =
      List.of("attention.output.LayerNorm", "output.LayerNorm");

  private final Architecture architecture;
  private final Map<String, NDArray> frozen = new HashMap<>();
  private final NDArray attentionScale;
  private final double dropout;

  /** Copies the backbone's weights into the manager. */
  MultiExitEncoder(NDManager manager, Backbone backbone, double dropout) {
    this.architecture = backbone.architecture();
    this.dropout = dropout;
    for (String name :
        List.of(
            "embeddings.word_embeddings.weight",
            "embeddings.position_embeddings.weight",
            "embeddings.token_type_embeddings.weight",
            "embeddings.LayerNorm.weight",
            "embeddings.LayerNorm.bias")) {
      frozen.put(name, NdTensors.array(manager, backbone.weight(name)));
    }
    double perHead = (double) architecture.hidden() / architecture.heads();
    this.attentionScale = manager.full(new Shape(1), (float) (1 / Math.sqrt(perHead)));
  }

  private static String prefix(int layer) {
    return "encoder.layer." + layer + ".";
  }

  /** Initial dense weights, [in, out]. */
  static Map<String, Tensor> initialDense(Adapter start) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (int layer = 0; layer < start.architecture().layers(); layer++) {
      for (String dense : DENSE) {
        String name = prefix(layer) + dense + ".weight";
        weights.put(name, start.weight(name));
      }
    }
    return weights;
  }

  /** Initial biases and LayerNorms. */
  static Map<String, Tensor> initialNorms(Adapter start) {
    Map<String, Tensor> norms = new LinkedHashMap<>();
    for (int layer = 0; layer < start.architecture().layers(); layer++) {
      for (String dense : DENSE) {
        String name = prefix(layer) + dense + ".bias";
        norms.put(name, start.weight(name));
      }
      for (String norm : NORMS) {
        for (String part : List.of(".weight", ".bias")) {
          String name = prefix(layer) + norm + part;
          norms.put(name, start.weight(name));
        }
      }
    }
    return norms;
  }

  /** Initial exits, one a layer. */
  static Map<String, Tensor> initialExits(
      Architecture encoder, Pooling pooling, int width, int classes, Random random) {
    int layers = encoder.layers();
    int inputs = pooling.inputs(encoder.hidden());
    Map<String, Tensor> exits = new LinkedHashMap<>();
    exits.put(EXIT_DENSE, gaussian(random, 1 / Math.sqrt(inputs), layers, inputs, width));
    exits.put(EXIT_DENSE_BIAS, Tensor.of(new float[layers * width], layers, 1, width));
    exits.put(EXIT_OUTPUT, gaussian(random, 1 / Math.sqrt(width), layers, width, classes));
    exits.put(EXIT_OUTPUT_BIAS, Tensor.of(new float[layers * classes], layers, 1, classes));
    return exits;
  }

  private static Tensor gaussian(Random random, double deviation, int... shape) {
    int size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }

  /**
   * Mean over tokens of the embedding layer's output: the router's feature.
   *
   * @return [batch, hidden]
   */
  NDArray meanEmbedding(TokenBatch batch) {
    NDArray embedded = embed(batch);
    return batch
        .mean()
        .matMul(embedded.reshape(batch.size(), batch.tokens(), architecture.hidden()))
        .reshape(batch.size(), architecture.hidden());
  }

  /**
   * Logits of all exits.
   *
   * @param parameters trainable parameters by name
   * @param training whether values are dropped
   * @return [layers, batch, classes]
   */
  NDArray logits(TokenBatch batch, Map<String, NDArray> parameters, boolean training) {
    return exits(features(batch, parameters, training), parameters, training);
  }

  /**
   * What the exits read.
   *
   * @return [layers, batch, inputs]
   */
  NDArray features(TokenBatch batch, Map<String, NDArray> parameters, boolean training) {
    long size = batch.size();
    long tokens = batch.tokens();
    NDArray hidden = drop(embed(batch), training);
    List<NDList> pooled = batch.means().stream().map(mean -> new NDList()).toList();
    for (int layer = 0; layer < architecture.layers(); layer++) {
      hidden = layer(prefix(layer), hidden, batch, parameters, training);
      NDArray states = hidden.reshape(size, tokens, architecture.hidden());
      for (int i = 0; i < pooled.size(); i++) {
        NDArray mean = batch.means().get(i).matMul(states);
        pooled.get(i).add(mean.reshape(size, architecture.hidden()));
      }
    }
    return joined(pooled.stream().map(NDArrays::stack).toList());
  }

  /** Logits of all exits from what they read; [layers, batch, classes]. */
  NDArray exits(NDArray features, Map<String, NDArray> parameters, boolean training) {
    NDArray dense =
        drop(features, training)
            .matMul(parameters.get(EXIT_DENSE))
            .add(parameters.get(EXIT_DENSE_BIAS))
            .tanh();
    return drop(dense, training)
        .matMul(parameters.get(EXIT_OUTPUT))
        .add(parameters.get(EXIT_OUTPUT_BIAS));
  }

  /** What {@link Pooling} says of one mean, or of two. */
  private static NDArray joined(List<NDArray> means) {
    NDArray first = means.get(0);
    if (means.size() == 1) {
      return first;
    }
    NDArray second = means.get(1);
    return NDArrays.concat(
        new NDList(first, second, first.sub(second).abs(), first.mul(second)), 2);
  }

  private NDArray embed(TokenBatch batch) {
    NDArray words = lookUp(batch.ids(), "embeddings.word_embeddings.weight");
    NDArray types = lookUp(batch.types(), "embeddings.token_type_embeddings.weight");
    NDArray positions = lookUp(batch.positions(), "embeddings.position_embeddings.weight");
    NDArray sum = words.add(types).add(positions);
    return norm(
        sum.reshape(batch.size() * batch.tokens(), architecture.hidden()),
        frozen.get("embeddings.LayerNorm.weight"),
        frozen.get("embeddings.LayerNorm.bias"));
  }

  private NDArray lookUp(NDArray ids, String table) {
    return JniUtils.embedding((PtNDArray) ids, (PtNDArray) frozen.get(table), false);
  }

  private NDArray layer(
      String prefix,
      NDArray input,
      TokenBatch batch,
      Map<String, NDArray> parameters,
      boolean training) {
    NDArray query = heads(dense(prefix + "attention.self.query", input, parameters), batch);
    NDArray key = heads(dense(prefix + "attention.self.key", input, parameters), batch);
    NDArray value = heads(dense(prefix + "attention.self.value", input, parameters), batch);
    NDArray scores =
        query.mul(attentionScale).matMul(key.transpose(0, 1, 3, 2)).add(batch.attention());
    NDArray context =
        drop(scores.softmax(-1), training)
            .matMul(value)
            .transpose(0, 2, 1, 3)
            .reshape(batch.size() * batch.tokens(), architecture.hidden());
    NDArray attended =
        drop(dense(prefix + "attention.output.dense", context, parameters), training);
    NDArray middle =
        norm(
            attended.add(input),
            parameters.get(prefix + "attention.output.LayerNorm.weight"),
            parameters.get(prefix + "attention.output.LayerNorm.bias"));
    NDArray wide =
        JniUtils.gelu((PtNDArray) dense(prefix + "intermediate.dense", middle, parameters));
    NDArray narrow = drop(dense(prefix + "output.dense", wide, parameters), training);
    return norm(
        narrow.add(middle),
        parameters.get(prefix + "output.LayerNorm.weight"),
        parameters.get(prefix + "output.LayerNorm.bias"));
  }

  private static NDArray dense(String name, NDArray input, Map<String, NDArray> parameters) {
    return JniUtils.linear(
        (PtNDArray) input,
        // torch multiplies by the transpose of [out, in]
        (PtNDArray) parameters.get(name + ".weight").transpose(),
        (PtNDArray) parameters.get(name + ".bias"));
  }

  private NDArray heads(NDArray states, TokenBatch batch) {
    return states
        .reshape(
            batch.size(),
            batch.tokens(),
            architecture.heads(),
            architecture.hidden() / architecture.heads())
        .transpose(0, 2, 1, 3);
  }

  private NDArray norm(NDArray input, NDArray gamma, NDArray beta) {
    return JniUtils.layerNorm(
        (PtNDArray) input,
        new Shape(architecture.hidden()),
        (PtNDArray) gamma,
        (PtNDArray) beta,
        Architecture.LAYER_NORM_EPSILON);
  }

  private NDArray drop(NDArray input, boolean training) {
    return training && dropout > 0 ? JniUtils.dropout((PtNDArray) input, dropout, true) : input;
  }
}
