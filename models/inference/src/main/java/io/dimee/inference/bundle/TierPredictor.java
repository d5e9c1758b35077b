package io.dimee.inference.bundle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Predicts which tier's exits will be confident about an event: before any layer has run, from its
 * mean embedding and length; and after the mobile tier's last exit was not confident, from how
 * nearly it was. Logistic functions, so that a router can afford them for every event.
 *
 * <p>The weights are fitted on a bundle's held-out rows and belong to its thresholds.
 */
public final class TierPredictor {
  private static final String MOBILE = "start.mobile";
  private static final String EDGE = "start.edge";
  private static final String EDGE_NEXT = "next.edge";
  private static final String DEPTHS = "answered.by.depth";

  private final Weights weights;

  /** Creates a predictor of fitted weights. */
  public TierPredictor(Weights weights) {
    this.weights = weights;
  }

  /**
   * What is fitted.
   *
   * @param mobile of P(the mobile tier answers): constant, log tokens, embedding; [2 + hidden]
   * @param edge of P(the edge tier answers | the mobile tier does not), likewise; [2 + hidden]
   * @param edgeNext of the same once the mobile tier has failed: constant, log tokens, log-odds of
   *     its last exit; [3]
   * @param answeredByDepth share of events that the exit at each depth answers; [layers]
   */
  @SuppressWarnings("ArrayRecordComponent") // parameters; never compared
  public record Weights(float[] mobile, float[] edge, float[] edgeNext, float[] answeredByDepth) {}

  /**
   * Chances that an event is answered by each tier's exits when they are asked in turn.
   *
   * @param mobile by one at depth m or before
   * @param edge by one between m and n
   * @param cloud by one beyond n
   */
  public record Chances(double mobile, double edge, double cloud) {}

  /**
   * Predicts before any layer has run.
   *
   * @param embedding mean embedding-layer output; [hidden]
   * @param tokens number of tokens
   */
  public Chances before(float[] embedding, int tokens) {
    double mobile = chance(weights.mobile(), embedding, tokens);
    double edge = (1 - mobile) * chance(weights.edge(), embedding, tokens);
    return new Chances(mobile, edge, 1 - mobile - edge);
  }

  /**
   * Predicts after the mobile tier has failed.
   *
   * @param logOdds log(c / (1 - c)) of its last exit's confidence c
   */
  public Chances afterMobile(double logOdds, int tokens) {
    float[] w = weights.edgeNext();
    double edge = logistic(w[0] + w[1] * Math.log(tokens) + w[2] * logOdds);
    return new Chances(0, edge, 1 - edge);
  }

  /** Share of events that the exit at a depth answers. */
  public double share(int depth) {
    return weights.answeredByDepth()[depth - 1];
  }

  private static double chance(float[] w, float[] embedding, int tokens) {
    double sum = w[0] + w[1] * Math.log(tokens);
    for (int i = 0; i < embedding.length; i++) {
      sum += w[i + 2] * embedding[i];
    }
    return logistic(sum);
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * Reads the predictor from the tensors of a bundle's router file.
   *
   * @param encoder whose embeddings it reads, and whose layers it knows
   */
  public static TierPredictor of(Map<String, Tensor> tensors, Architecture encoder) {
    int size = 2 + encoder.hidden();
    return new TierPredictor(
        new Weights(
            values(tensors, MOBILE, size),
            values(tensors, EDGE, size),
            values(tensors, EDGE_NEXT, 3),
            values(tensors, DEPTHS, encoder.layers())));
  }

  private static float[] values(Map<String, Tensor> tensors, String name, int size) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidBundleException(Bundle.ROUTER + " lacks the tensor " + name);
    }
    return tensor.requireShape(name, size).toArray();
  }

  /** The weights by name, as a bundle stores them. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(MOBILE, Tensor.of(weights.mobile(), weights.mobile().length));
    tensors.put(EDGE, Tensor.of(weights.edge(), weights.edge().length));
    tensors.put(EDGE_NEXT, Tensor.of(weights.edgeNext(), weights.edgeNext().length));
    tensors.put(DEPTHS, Tensor.of(weights.answeredByDepth(), weights.answeredByDepth().length));
    return tensors;
  }
}
