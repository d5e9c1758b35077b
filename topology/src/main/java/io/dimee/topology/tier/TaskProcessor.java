package io.dimee.topology.tier;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.HiddenState;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.Work;
import io.dimee.inference.onnx.InferenceException;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.serdes.CorruptHiddenStateException;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.EventLog;
import io.dimee.topology.deadletters.Origin;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.deadletters.Rejection;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.TraceHeaders;
import io.dimee.topology.worker.BatchProcessor;
import io.dimee.topology.worker.Output;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a tier does with a batch of records, free of any Kafka client: each becomes exactly one
 * prediction, one task for the next tier, or one dead letter. For one thread at a time.
 */
public final class TaskProcessor implements BatchProcessor {
  private final Tier tier;
  private final Topics topics;
  private final String modelId;
  private final EarlyExitModel model;
  private final RoutePlanner planner;
  private final HiddenCodec codec;
  private final SpillSwitch spill;
  private final RecordFormats formats;
  private final Clock clock;
  private final TaskReader reader;
  private final HopAccount account;
  private final Predictions predictions;
  private final DeadLetters deadLetters;
  private final TierMeters meters;
  private final TierSpans spans;

  /**
   * Creates a processor.
   *
   * @param spill whether tasks for the edge tier are sent to the cloud
   * @param meters shared by all processors of the tier
   */
  public TaskProcessor(
      Tier tier,
      TierModel model,
      Wire wire,
      SpillSwitch spill,
      TierMeters meters,
      EventTracer tracer,
      Clock clock) {
    this.tier = tier;
    this.topics = wire.topics();
    this.modelId = model.modelId();
    this.model = model.model();
    this.planner = model.planner();
    this.codec = model.codec();
    this.spill = spill;
    this.formats = wire.formats();
    this.clock = clock;
    this.reader = new TaskReader(formats.of(InferenceTask.class), modelId, model.manifest());
    this.account = new HopAccount(tier, model.costs());
    this.predictions =
        new Predictions(tier, model.manifest(), model.modelId(), model.costs(), clock);
    this.deadLetters = new DeadLetters(Stage.valueOf(tier.name()), PayloadHead.KEPT, clock);
    this.meters = meters;
    meters.add(modelId, this.model);
    this.spans = new TierSpans(tracer, tier);
  }

  private record Assignment(
      ConsumerRecord<byte[], byte[]> record,
      Span span,
      TaskReader.RunnableTask readable,
      HopAccount.Arrival arrival) {
    Work work() {
      return readable.work();
    }
  }

  @Override
  public List<Output> process(
      List<ConsumerRecord<byte[], byte[]>> records, Set<ConsumerRecord<byte[], byte[]>> tooLarge) {
    Instant begin = clock.instant();
    List<Assignment> assignments = new ArrayList<>(records.size());
    List<Output> outputs = new ArrayList<>(records.size());
    List<Integer> places = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      meters.taken(Instant.ofEpochMilli(record.timestamp()), begin);
      Span span = spans.begin(record, records.size(), begin);
      try {
        assignments.add(assign(record, span, tooLarge.contains(record)));
        places.add(outputs.size());
        outputs.add(null);
      } catch (Rejection rejection) {
        outputs.add(deadLetter(record, span, rejection));
      }
    }
    List<Outcome<HiddenState>> outcomes = run(assignments);
    for (int i = 0; i < assignments.size(); i++) {
      outputs.set(places.get(i), output(assignments.get(i), outcomes.get(i)));
    }
    meters.batch(records.size(), Duration.between(begin, clock.instant()));
    return outputs;
  }

  private Assignment assign(ConsumerRecord<byte[], byte[]> record, Span span, boolean tooLarge) {
    TaskReader.RunnableTask readable = reader.read(record.topic(), record.value());
    String id = readable.task().getEventId();
    boolean isForeign = !readable.task().getModelId().equals(modelId);
    if (isForeign) {
      meters.foreign();
    }
    if (tooLarge) {
      throw new Rejection(
          Reason.RECORD_TOO_LARGE, id, "the broker rejected the outcome because of its size");
    }
    if (isForeign) {
      EventLog.modelMissing(readable.task(), modelId, span);
    }
    try {
      return new Assignment(record, span, readable, account.arrival(readable.task()));
    } catch (IllegalArgumentException e) {
      throw new Rejection(Reason.INVALID_TASK, id, e.getMessage(), e);
    }
  }

  private List<Outcome<HiddenState>> run(List<Assignment> assignments) {
    List<Work> works = assignments.stream().map(Assignment::work).toList();
    List<Outcome<HiddenState>> outcomes = new ArrayList<>(model.run(works, codec::encode));
    for (int i = 0; i < outcomes.size(); i++) {
      if (works.size() > 1
          && outcomes.get(i) instanceof Outcome.Failed<?> failed
          && failed.cause() instanceof InferenceException) {
        // One work can spoil a whole batch: alone, the others succeed.
        outcomes.set(i, model.run(List.of(works.get(i)), codec::encode).get(0));
      }
    }
    return outcomes;
  }

  private Output output(Assignment assignment, Outcome<HiddenState> outcome) {
    InferenceTask task = assignment.readable().task();
    if (outcome instanceof Outcome.Answered<HiddenState> answered) {
      Hop hop = hop(assignment, answered.effort());
      Prediction prediction = predictions.of(task, answered.answer(), HopAccount.append(task, hop));
      meters.answered(prediction, hop);
      spans.answered(assignment.span(), task, prediction, hop);
      byte[] value = formats.of(Prediction.class).encode(topics.predictions(), prediction);
      return send(assignment, topics.predictions(), value);
    }
    if (outcome instanceof Outcome.Unfinished<HiddenState> unfinished) {
      RoutePlanner.Step step = next(assignment, unfinished.effort());
      Tier to = spill.divert(step.to());
      Hop hop = hop(assignment, unfinished.effort());
      meters.escalated(to, to != step.to(), hop);
      InferenceTask.Builder next =
          InferenceTask.newBuilder(task)
              .setModelId(modelId)
              .setSpilled(task.getSpilled() || to != step.to())
              .setMinExitDepth(assignment.work().minExitDepth())
              .setMaxExitDepth(assignment.work().maxExitDepth())
              .setHops(HopAccount.append(task, hop));
      if (step.resume()) {
        next.setDepth(unfinished.effort().toDepth()).setHiddenState(unfinished.hiddenState());
      } else {
        // the exits that were asked would say the same again
        next.setDepth(0)
            .setHiddenState(null)
            .setMinExitDepth(
                Math.max(assignment.work().minExitDepth(), unfinished.effort().toDepth() + 1));
      }
      if (!task.getModelId().equals(modelId)) {
        // another model's n-grams and classes
        next.setWordScores(List.of());
      }
      InferenceTask onward = next.build();
      spans.escalated(assignment.span(), onward, to, hop);
      String topic = topics.tasks(to);
      return send(assignment, topic, formats.of(InferenceTask.class).encode(topic, onward));
    }
    RuntimeException cause = ((Outcome.Failed<HiddenState>) outcome).cause();
    return deadLetter(
        assignment.record(),
        assignment.span(),
        new Rejection(reason(cause), task.getEventId(), cause.getMessage(), cause));
  }

  private static Reason reason(RuntimeException cause) {
    if (cause instanceof CorruptHiddenStateException) {
      return Reason.CORRUPT_HIDDEN_STATE;
    }
    return cause instanceof InferenceException ? Reason.INFERENCE_FAILED : Reason.INVALID_TASK;
  }

  private RoutePlanner.Step next(Assignment assignment, Outcome.Effort effort) {
    Tier deeper = tier == Tier.MOBILE ? Tier.EDGE : Tier.CLOUD;
    List<ExitReading> readings = effort.readings();
    if (!assignment.readable().task().getPolicy().equals(Policy.ADAPTIVE.id())
        || readings.isEmpty()) {
      return new RoutePlanner.Step(deeper, true);
    }
    double confidence = readings.get(readings.size() - 1).confidence();
    return planner.next(
        tier, Math.log(confidence / (1 - confidence)), assignment.work().text().ids().length);
  }

  private Hop hop(Assignment assignment, Outcome.Effort effort) {
    return account.hop(
        assignment.arrival(), assignment.work().depth(), assignment.readable().restarted(), effort);
  }

  private Output deadLetter(ConsumerRecord<byte[], byte[]> record, Span span, Rejection rejection) {
    meters.deadLetter(rejection.reason());
    DeadLetter letter =
        deadLetters.of(
            rejection,
            new Origin(
                record.topic(), record.partition(), record.offset(), record.key(), record.value()));
    EventTracer.putAside(span, letter);
    EventLog.deadLetter(letter, span);
    byte[] value = formats.of(DeadLetter.class).encode(topics.deadLetters(), letter);
    return output(
        record, span, topics.deadLetters(), DeadLetters.key(rejection, record.key()), value);
  }

  private static Output send(Assignment assignment, String topic, byte[] value) {
    String id = assignment.readable().task().getEventId();
    return output(
        assignment.record(), assignment.span(), topic, id.getBytes(StandardCharsets.UTF_8), value);
  }

  private static Output output(
      ConsumerRecord<byte[], byte[]> source, Span span, String topic, byte[] key, byte[] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
    TraceHeaders.inject(span, record.headers());
    return new Output(source, record, span);
  }
}
