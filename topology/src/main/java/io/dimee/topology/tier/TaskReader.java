package io.dimee.topology.tier;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.Reason;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.exits.HiddenStateReader;
import io.dimee.inference.exits.Work;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.deadletters.Rejection;
import io.dimee.topology.routing.Policy;
import java.util.List;

/** Turns a consumed record into work for the model. */
final class TaskReader {
  private final RecordFormat<InferenceTask> format;
  private final String modelId;
  private final TierDepths tiers;
  private final Architecture encoder;
  private final int classes;

  TaskReader(RecordFormat<InferenceTask> format, String modelId, BundleManifest manifest) {
    this.format = format;
    this.modelId = modelId;
    this.tiers = manifest.tiers();
    this.encoder = manifest.encoder();
    this.classes = manifest.labels().size();
  }

  /**
   * A task that can be run.
   *
   * @param restarted whether layers that an earlier tier has run will run again: its hidden state
   *     did not travel, or another model computed it
   */
  record RunnableTask(InferenceTask task, Work work, boolean restarted) {}

  /**
   * Reads a task.
   *
   * @throws Rejection when it can never be run
   */
  RunnableTask read(String topic, byte[] value) {
    InferenceTask task = decode(topic, value);
    try {
      int[] ids = task.getTokenIds().stream().mapToInt(Integer::intValue).toArray();
      TokenizedText text = new TokenizedText(ids, task.getPairStart(), task.getTruncated());
      if (!task.getModelId().equals(modelId)) {
        // Another model's states and cuts mean nothing here; the token ids are the backbone's
        // own.
        Policy policy = Policy.of(task.getPolicy());
        Work work =
            new Work(
                encoder, text, 0, null, policy.minExitDepth(tiers), policy.maxExitDepth(tiers));
        return new RunnableTask(task, work, !task.getHops().isEmpty());
      }
      if (!tiers.all().contains(task.getMaxExitDepth())) {
        throw new IllegalArgumentException(
            "there is no exit at depth %d".formatted(task.getMaxExitDepth()));
      }
      Work work =
          new Work(
              encoder,
              text,
              task.getDepth(),
              hiddenState(task, ids.length),
              task.getMinExitDepth(),
              task.getMaxExitDepth(),
              words(task));
      // a tier may have sent its token ids alone where the hidden state's bytes were dearer
      return new RunnableTask(task, work, task.getDepth() == 0 && !task.getHops().isEmpty());
    } catch (IllegalArgumentException e) {
      throw new Rejection(Reason.INVALID_TASK, task.getEventId(), e.getMessage(), e);
    }
  }

  private InferenceTask decode(String topic, byte[] value) {
    if (value == null) {
      throw new Rejection(Reason.UNREADABLE_RECORD, null, "the record has no value");
    }
    try {
      return format.decode(topic, value);
    } catch (UnreadableRecordException e) {
      throw new Rejection(Reason.UNREADABLE_RECORD, null, e.getMessage(), e);
    }
  }

  private float[] words(InferenceTask task) {
    List<Float> scores = task.getWordScores();
    if (scores.isEmpty()) {
      return null;
    }
    if (scores.size() != classes) {
      throw new IllegalArgumentException(
          "it has %d word scores; the model has %d classes".formatted(scores.size(), classes));
    }
    float[] words = new float[classes];
    for (int i = 0; i < classes; i++) {
      words[i] = scores.get(i);
      if (!Float.isFinite(words[i])) {
        throw new IllegalArgumentException("its word score %d is %s".formatted(i, words[i]));
      }
    }
    return words;
  }

  private HiddenStateReader hiddenState(InferenceTask task, int tokens) {
    if (task.getHiddenState() == null) {
      return null;
    }
    // what it holds is checked when it is read, once
    return (target, offset) ->
        HiddenCodec.decode(task.getHiddenState(), tokens, encoder.hidden(), target, offset);
  }
}
