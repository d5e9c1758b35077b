package io.dimee.topology.tier;

import io.dimee.topology.worker.BatchProcessor;
import io.dimee.topology.worker.Output;
import io.dimee.avro.InferenceTask;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Several models on one tier, as during a rollout: each task goes to the model that made it, so
 * that no layer is run twice and every answer is one model's. Tasks are decoded twice meanwhile, to
 * know whose they are.
 */
public final class ModelDispatcher implements BatchProcessor {
  private final RecordFormat<InferenceTask> format;
  private final Map<String, TaskProcessor> processors;
  private final TaskProcessor first;

  /**
   * Creates a dispatcher.
   *
   * @param processors by model id, two or more, in an order; the first takes what is of no model
   *     here
   */
  public ModelDispatcher(
      RecordFormat<InferenceTask> format, Map<String, TaskProcessor> processors) {
    this.format = format;
    this.processors = new LinkedHashMap<>(processors);
    this.first = processors.values().iterator().next();
  }

  @Override
  public List<Output> process(
      List<ConsumerRecord<byte[], byte[]>> records, Set<ConsumerRecord<byte[], byte[]>> tooLarge) {
    Map<TaskProcessor, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < records.size(); i++) {
      places.computeIfAbsent(processor(records.get(i)), p -> new ArrayList<>()).add(i);
    }
    Output[] outputs = new Output[records.size()];
    places.forEach(
        (processor, own) -> {
          List<Output> done = processor.process(own.stream().map(records::get).toList(), tooLarge);
          for (int i = 0; i < own.size(); i++) {
            outputs[own.get(i)] = done.get(i);
          }
        });
    return List.of(outputs);
  }

  private TaskProcessor processor(ConsumerRecord<byte[], byte[]> record) {
    try {
      InferenceTask task = format.decode(record.topic(), record.value());
      return task == null ? first : processors.getOrDefault(task.getModelId(), first);
    } catch (UnreadableRecordException e) {
      // any of them puts it aside
      return first;
    }
  }
}
